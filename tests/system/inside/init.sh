#!/bin/sh
# The first program inside the user-mode kernel, which has no other. Words on the kernel's command line that the kernel
# does not know arrive here as environment: OUT is the host's folder for what comes out.
#
# The root is the host's own, read-only, so the Python environment in use is used as it is. What must be writable lies
# in memory: /run, and the folder in which bluetoothd remembers devices. Nothing else of the host's is hidden.
export PATH=/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
mount -t proc proc /proc
mount -t sysfs sys /sys
mount -t devtmpfs dev /dev
mount -t tmpfs tmpfs /run
mount -t tmpfs tmpfs /var/lib/bluetooth
mkdir -p /run/out
# The exit status of a user-mode kernel says nothing, so the verdict goes out as a file.
mount -t hostfs -o "$OUT" none /run/out
. /run/out/settings.sh
exec /bin/sh "$GUEST/session.sh"
