"""Whose numbers they are, and body weight of who stands on the sensor: read in the record, before the first push.

Finds no effort by a rule of its own and judges nothing; what counts as standing still is `body_weight`'s definition.
"""

from forcelab.analysis.baseline import STANDING
from forcelab.analysis.body_weight import body_weight
from forcelab.analysis.efforts import contractions
from forcelab.analysis.estimate import RefusedError
from forcelab.analysis.scaling import Body
from forcelab.evaluate.body import OnBody
from forcelab.model import Assessment, OnsetRule, SetUp, Trace, Weighing


def who_pulls(trace: Trace, assessment: Assessment, set_up: SetUp | None) -> tuple[OnBody, Weighing | None]:
    """The body that numbers and onset rules go by, and how it was weighed, if who pulls stands on the sensor.

    Args:
        trace: of the trial.
        assessment: whether somebody stands there, and what is done about the limb's weight.
        set_up: what was measured on the participant.
    """
    weighed = weighed_before_push(trace, (set_up or SetUp()).gravity) if assessment.standing else None
    body, weighing = weighed or (None, None)
    return OnBody(assessment.limb_weight, set_up, trace, body), weighing


def weighed_before_push(trace: Trace, gravity: float) -> tuple[Body, Weighing] | None:
    """The body that stands on the sensor before the first push, and how it was weighed.

    Args:
        trace: of the trial; its recorded zero is taken off, 0 N where there is none.
        gravity: m/s², that of the place.

    Returns:
        None where no push is found, or nobody stands still for a full second before it.
    """
    # Whichever rule the assessment has may itself wait for the weight; percent of peak asks for none.
    first = next(iter(contractions(trace, OnsetRule(), quiet=STANDING)), None)
    if first is None:
        return None
    force = trace.force - (trace.zero or 0.0)
    try:
        found = body_weight(trace.t, force, float(trace.t[0]), first.effort.onset, gravity)
    except RefusedError:
        return None
    return found.body, Weighing(found.weight, found.sd, found.start, found.stop)
