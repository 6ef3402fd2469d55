"""The unmodified front end of bleak over real HCI, L2CAP, ATT and GATT bytes, without any radio, on every platform."""
