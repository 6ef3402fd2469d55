"""The commands of `forcelab`, one file a group. Each picks its parts, tells results and leaves with an exit code."""
