"""Who may do what: the actor, one readable policy table, and the gate every action passes through."""
