"""The air between virtual controllers: connection events, getting out of range, and a controller fit for a real host.

Built on bumble's software controller (0.0.236), whose gaps are closed here, each with what it did wrong. Knows no
device and no host: on the other side of a controller may sit bumble's own host or the Linux kernel.
"""

import asyncio
import logging
from collections.abc import Callable
from typing import Any

from bumble import hci, ll
from bumble.controller import AdvertisingSet, Controller, LegacyAdvertiser
from bumble.core import PhysicalTransport
from bumble.link import LocalLink

logger = logging.getLogger(__name__)

CONNECTION_INTERVAL = 0.015
"""s between connection events. With a link without delay, 2 of 30 fresh connects under BlueZ failed: it answered
`Connect` before it had announced the connection, and bleak gave up."""

SUPERVISION_TIMEOUT = 0x08
REMOTE_POWER_OFF = 0x15


class Air(LocalLink):
    """What controllers hear of each other.

    Args:
        interval: s between connection events; 0 for a link without delay.

    Attributes:
        jam: while true, nothing that is sent arrives.
    """

    def __init__(self, interval: float = CONNECTION_INTERVAL) -> None:
        super().__init__()  # type: ignore[no-untyped-call]  # bumble leaves this one without types
        self.jam = False
        self._interval = interval
        self._waiting: list[Callable[[], None]] = []

    def out_of_range(self, supervision: float = 2.0) -> None:
        """Nobody hears anybody any more; `supervision` s later all controllers give up their connections."""
        self.jam = True
        asyncio.get_running_loop().call_later(supervision, self.drop)

    def in_range(self) -> None:
        """Everybody hears everybody again."""
        self.jam = False

    def drop(self, reason: int = SUPERVISION_TIMEOUT) -> None:
        """End all connections, as each controller by itself does when its time is up."""
        for controller in self.controllers:
            for connection in list(controller.le_connections.values()):
                controller.on_le_disconnected(connection, reason)

    def send_acl_data(
        self, sender_controller: Controller, destination_address: hci.Address, transport: PhysicalTransport, data: bytes
    ) -> None:
        """Deliver at the next connection event.

        bumble goes by the sender's present random address: a scan beside a connection, which takes a new private
        one, would silently kill the connection. The address that the connection was made with is the right one.
        """
        connection = sender_controller.le_connections.get(destination_address)
        receiver = self.find_le_controller(destination_address)
        if self.jam or connection is None or receiver is None:
            return
        sender_address = connection.self_address
        self._at_next_event(lambda: receiver.on_link_acl_data(sender_address, transport, data))

    def send_advertising_pdu(self, sender_controller: Controller, packet: ll.AdvertisingPdu) -> None:
        """Advertisements, and the wish to connect that answers one."""
        if not self.jam:
            super().send_advertising_pdu(sender_controller, packet)

    def send_ll_control_pdu(
        self, sender_address: hci.Address, receiver_address: hci.Address, packet: ll.ControlPdu
    ) -> None:
        """Deliver at the next connection event, if there is still somebody there."""

        def deliver() -> None:
            receiver = self.find_le_controller(receiver_address)
            if receiver is not None and sender_address in receiver.le_connections:
                receiver.on_ll_control_pdu(sender_address, packet)

        if not self.jam:
            self._at_next_event(deliver)

    def _at_next_event(self, deliver: Callable[[], None]) -> None:
        loop = asyncio.get_running_loop()
        if not self._interval:
            loop.call_soon(deliver)
            return
        self._waiting.append(deliver)
        if len(self._waiting) == 1:
            loop.call_at((loop.time() // self._interval + 1) * self._interval, self._event)

    def _event(self) -> None:
        waiting, self._waiting = self._waiting, []
        for deliver in waiting:
            deliver()


class HostController(Controller):
    """The controller that a host (Linux, or bumble's own) uses as its adapter."""

    # 27 would cut every notification of 8 samples into three packets, as no controller of today does.
    le_acl_data_packet_length = 251
    # bumble reports completed connections the old way only; a host that sees these features waits for the new one.
    le_features = Controller.le_features & ~(hci.LeFeatureMask.LL_PRIVACY | hci.LeFeatureMask.LE_EXTENDED_ADVERTISING)

    def on_advertising_pdu(self, pdu: ll.AdvInd | ll.AdvExtInd) -> None:
        """Report what was advertised, and in an active scan the scan response as well.

        bumble repeats the advertising data as the scan response, so that a name set there never arrives. And a scan
        response must follow, even an empty one: Linux holds an advertisement back until it comes.
        """
        scanning, self.le_scan_enable = self.le_scan_enable, False
        if scanning:
            kinds = hci.HCI_LE_Advertising_Report_Event.EventType
            self._report(kinds.ADV_IND, pdu.advertiser_address, pdu.data)
            if self.le_scan_type == hci.HCI_LE_Set_Scan_Parameters_Command.ACTIVE_SCANNING:
                self._report(kinds.SCAN_RSP, pdu.advertiser_address, self._scan_response_of(pdu.advertiser_address))
        try:
            super().on_advertising_pdu(pdu)  # what is left to do: connect, if somebody waits for this device
        finally:
            self.le_scan_enable = scanning

    def on_hci_le_create_connection_cancel_command(
        self, _command: hci.HCI_LE_Create_Connection_Cancel_Command
    ) -> hci.HCI_StatusReturnParameters:
        """Give the attempt up and say so; in bumble it would stay pending for ever, and the next one be refused."""
        pending, self.pending_le_connection = self.pending_le_connection, None
        if pending is not None:
            self.send_hci_packet(
                hci.HCI_LE_Connection_Complete_Event(
                    status=hci.HCI_ErrorCode.UNKNOWN_CONNECTION_IDENTIFIER_ERROR,
                    connection_handle=0,
                    role=hci.Role.CENTRAL,
                    peer_address_type=pending.peer_address.address_type,
                    peer_address=pending.peer_address,
                    connection_interval=0,
                    peripheral_latency=0,
                    supervision_timeout=0,
                    central_clock_accuracy=0,
                )
            )
        return hci.HCI_StatusReturnParameters(hci.HCI_ErrorCode.SUCCESS)

    def _report(self, kind: Any, address: hci.Address, data: bytes) -> None:
        event = hci.HCI_LE_Advertising_Report_Event
        self.send_hci_packet(
            event(
                [event.Report(event_type=kind, address_type=address.address_type, address=address, data=data, rssi=-50)]
            )
        )

    def _scan_response_of(self, address: hci.Address) -> bytes:
        for controller in self.link.controllers:
            advertisers: list[LegacyAdvertiser | AdvertisingSet] = [
                controller.le_legacy_advertiser,
                *controller.advertising_sets.values(),
            ]
            for advertiser in advertisers:
                if controller is not self and advertiser.enabled and advertiser.address == address:
                    return bytes(advertiser.scan_response_data)
        return b""
