"""Results as plain values: the JSON keeps the names that others build on, the words keep to the numbers."""

import json

import msgspec

from forcelab.model import Baseline, Effort, Evaluation, Flag, Result
from forcelab.report.results import VERDICTS, row, rows, shown, term, trial_json, withheld

EFFORT = Effort(1.5, 2.5, None, 400.0, 8.0, "percent", Baseline(20.0, 0.3, 0.8, 1.3))
PEAK = Result(
    "peak_force", 400.04, "N", "peak_force/1; efforts/1", interval=(399.0, 401.0), method_range=(400.0, 400.1)
)
SLOW = "rate: 80 Hz does not carry {} (sensors below 100 Hz)"
EVALUATION = Evaluation(
    EFFORT,
    (
        PEAK,
        Result("rfd_0_100", 1234.56, "N/s", "rfd_0_100/1; onset percent/1", mark="indicative"),
        Result("rfd_0_50", None, "N/s", "rfd_0_50/1", reason=SLOW.format("RFD 0–50 ms")),
        Result("impulse_0_50", None, "N·s", "impulse_0_50/1", reason=SLOW.format("Impulse 0–50 ms")),
        Result("mean_1s", None, "N", "mean_1s/1", reason="the record is too short"),
    ),
    (
        Flag("PRETENSION", "The strap was pulled before the push.", 12.0, 4.0, "N"),
        Flag("PRELOAD", "Pre-load was not assessed.", assessed=False),
    ),
    "peak_only",
)


def test_the_json_object_has_the_names_that_others_build_on() -> None:
    told = json.loads(json.dumps(trial_json(EVALUATION, side="left", trial=2), allow_nan=False))
    assert (told["trial"], told["side"], told["onset"], told["verdict"]) == (2, "left", 1.5, "peak_only")
    assert told["flags"] == ["PRETENSION"]
    assert told["not_assessed"] == ["PRELOAD"]
    assert told["results"]["peak_force"] == {
        "value": 400.04,
        "unit": "N",
        "interval": [399.0, 401.0],
        "no_interval": None,
        "method_range": [400.0, 400.1],
        "set_up_range": None,
        "recipe": "peak_force/1; efforts/1",
        "reason": None,
        "mark": None,
        "evidence": "own",
        "caution": "",
    }
    assert told["results"]["rfd_0_50"]["value"] is None
    assert told["results"]["rfd_0_50"]["reason"].startswith("rate")
    assert told["results"]["rfd_0_50"]["interval"] is None


def test_a_result_in_the_json_has_all_the_fields_of_a_result() -> None:
    told = trial_json(EVALUATION, side=None, trial=1)
    results = told["results"]
    assert isinstance(results, dict)
    assert set(results["peak_force"]) == set(Result.__struct_fields__) - {"metric"} | {"evidence", "caution"}


def test_what_follows_from_a_withheld_number_is_told_with_it() -> None:
    reason = SLOW.format("RFD 0–50 ms")
    names = ("rfd_0_50", "rtd_0_50", "rtd_0_50_per_kg")
    none = Evaluation(None, tuple(Result(name, None, "", "r", reason=reason) for name in names), (), "repeat")
    ((_, terms),) = withheld(none)
    assert terms == ["RFD 0–50 ms", "RTD 0–50 ms", "RTD 0–50 ms, per kg"]


def test_a_trial_without_effort_is_told_with_nulls() -> None:
    told = trial_json(Evaluation(None, (replace_value(PEAK),), (), "repeat"), side="right", trial=1)
    assert told["onset"] is None
    assert told["verdict"] == "repeat"


def replace_value(result: Result) -> Result:
    return msgspec.structs.replace(result, value=None, interval=None, method_range=None, reason="no effort found")


def test_rows_are_text_in_the_order_of_the_assessment() -> None:
    first, second, third, *_ = rows(EVALUATION)
    assert (first.term, first.value, first.interval, first.note) == ("Peak force", "400.0 N", "399.0–401.0", "")
    assert (first.range, first.signs) == ("400.0–400.1", "")
    assert (second.value, second.note, second.signs) == ("1235 N/s", "indicative", "i")
    assert (third.value, third.note) == ("–", SLOW.format("RFD 0–50 ms"))


def test_one_reason_is_told_once_for_all_that_it_concerns() -> None:
    (rate, too_slow), (short, too_short) = withheld(EVALUATION)
    assert too_slow == ["RFD 0–50 ms", "Impulse 0–50 ms"]
    assert rate == SLOW.format("these numbers")
    assert (short, too_short) == ("the record is too short", [term("mean_1s")])


def test_an_unknown_metric_goes_by_its_id_and_minus_zero_is_zero() -> None:
    assert row(Result("later_metric", -0.001, "N", "")).term == "later_metric"
    assert shown(-0.001, "N") == "0.0 N"


def test_there_are_words_for_every_verdict() -> None:
    assert set(VERDICTS) == {"trusted", "peak_only", "repeat"}
