"""A virtual radio: puppets of `firmware_protocols` behind real advertisements and a real GATT table, without any air.

`air` is the space between two controllers, `peripheral` a device in it. Integration tests put bleak's front end on the
other side, system tests a whole Linux.
"""
