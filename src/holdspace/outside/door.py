"""Keeps this process's gateway told of the hosts that are allowed: at a change, and whenever a worker looks."""

from holdspace.access.actor import Actor
from holdspace.outbound.door import Door
from holdspace.outbound.gateway import Gateway, here
from holdspace.outside.queries import door


class _Told:
    """What the gateway was last told."""

    door: Door | None = None
    gateway: Gateway | None = None


def tell_gateway(actor: Actor) -> None:
    """Tell it what is allowed now, if there is a gateway and it does not know."""
    gateway = here()
    if gateway is None:
        return
    now = door(actor)
    if (gateway, now) != (_Told.gateway, _Told.door):
        gateway.allow(now)
        _Told.gateway, _Told.door = gateway, now
