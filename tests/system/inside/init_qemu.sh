#!/bin/busybox sh
# The first program inside Debian's stock kernel under QEMU. The initial file system holds busybox and kernel modules
# and no more: everything else is this computer's own files, read-only over 9p, with what must be writable in memory.
/bin/busybox --install -s /bin
mount -t proc proc /proc
for module in virtio_pci 9pnet_virtio 9p bluetooth hci_vhci ecb cmac algif_hash algif_skcipher; do
	modprobe $module || echo "no module $module"
done
# cache=loose: nobody changes the files meanwhile, and asking anew for each import would take minutes.
mount -t 9p -o trans=virtio,version=9p2000.L,msize=262144,cache=loose,ro host /host || poweroff -f
mount -t proc proc /host/proc
mount -t sysfs sys /host/sys
mount -t devtmpfs dev /host/dev
mount -t tmpfs tmpfs /host/run
mount -t tmpfs tmpfs /host/var/lib/bluetooth
mkdir -p /host/run/out
mount -t 9p -o trans=virtio,version=9p2000.L,msize=262144,cache=none out /host/run/out || poweroff -f
. /host/run/out/settings.sh
export PATH=/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
exec chroot /host /bin/sh "$GUEST/session.sh"
