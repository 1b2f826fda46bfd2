"""Methods of attribution: each module adds one."""
