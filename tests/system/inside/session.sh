#!/bin/sh
# Inside either guest, once the file systems are there: message bus, bluetoothd, virtual radio, the command, power off.
# Whatever goes wrong, the machine is switched off at the end and /run/out tells what happened.
echo booted >/run/out/booted
mkdir -p /run/tmp
export HOME=/run TMPDIR=/run/tmp PYTHONDONTWRITEBYTECODE=1 PYTHONHASHSEED=0 PYTHONUNBUFFERED=1 LANG=C.UTF-8
export DBUS_SYSTEM_BUS_ADDRESS=unix:path=/run/bus

# A bus of our own in which everybody may do everything: the host's policy files are about the host's users.
cat >/run/bus.conf <<BUS
<busconfig>
  <type>system</type>
  <listen>unix:path=/run/bus</listen>
  <auth>EXTERNAL</auth>
  <policy context="default">
    <allow send_destination="*"/>
    <allow receive_sender="*"/>
    <allow own="*"/>
  </policy>
</busconfig>
BUS
dbus-daemon --config-file=/run/bus.conf --nopidfile --fork
/usr/libexec/bluetooth/bluetoothd --nodetach >/run/out/bluetoothd.log 2>&1 &

cd "$REPOSITORY" || echo "no $REPOSITORY in here" >>/run/out/output.txt
"$PYTHON" -m tests.system.virtual_radio >/run/out/radio.log 2>&1 &
# In virtual time a computation takes no time at all, so that only waiting for the radio lets it come up first.
waited=0
while [ ! -S /run/forcelab-radio ] && [ $waited -lt 600 ]; do
	sleep 0.1
	waited=$((waited + 1))
done
sh /run/out/command.sh >>/run/out/output.txt 2>&1
echo $? >/run/out/rc
sync
"$PYTHON" -c 'import ctypes; ctypes.CDLL(None).reboot(0x4321FEDC)' # reboot(2), RB_POWER_OFF
