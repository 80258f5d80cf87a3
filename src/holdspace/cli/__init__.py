"""The command , one file per command. Calls workflows, actions and engines; holds no logic."""
