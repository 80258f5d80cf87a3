"""What the operating system forbids a process of ours: seccomp and Landlock, by tables one can read."""
