"""The tests that forcelab knows, one TOML file each, checked when read."""
