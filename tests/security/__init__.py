"""What an attacker would try, one file a class of fault; and the parsers, given what nobody meant them to read."""
