"""Every text that the window shows, in one table: id -> English. A second language is a second table with the same ids.

`say` looks a text up and fills in its values. Nothing else in the window holds a sentence, so that a translator reads
one file and a test can walk it. Knows no widget and no number format.
"""

from collections.abc import Mapping
from typing import Final

ENGLISH: Final[Mapping[str, str]] = {
    # the frame
    "title": "forcelab",
    "no_assessment": "No test chosen",
    "participant": "Participant {code}",
    "no_participant": "No participant",
    "live": "live, unverified",
    "force_now": "Force now",
    "peak_now": "Peak of this trial",
    "no_value": "–",
    "seconds": "{value} s",
    "newtons": "{value} N",
    # sides and trials
    "side_left": "LEFT",
    "side_right": "RIGHT",
    "side_both": "BOTH",
    "limb_left": "left side",
    "limb_right": "right side",
    "limb_both": "both sides",
    "heading_left": "Left",
    "heading_right": "Right",
    "heading_both": "Both sides",
    "trial_of": "trial {number} of {wanted}",
    "trial_only": "trial {number}",
    "practice": "practice trial",
    # what to do now, one for each phase
    "connecting_absent": "Looking for the sensor",
    "connecting_refused": "The sensor cannot be reached",
    "connecting": "Connecting to the sensor",
    "connecting_hint": "Switch the sensor on. An app on a phone that holds it must be closed.",
    "zeroing": "Take all load off the sensor",
    "zeroing_hint": "The zero is being read. Let the sensor hang still.",
    "zeroing_tared": "Rest the limb on the sensor",
    "zeroing_tared_hint": "The zero is being read with the limb relaxed in the position of the test.",
    "ready": "Get ready: {limb}, {trial}",
    "armed": "Push!",
    "armed_hint": "As hard and as fast as you can.",
    "effort": "Hold … {left} s",
    "effort_open": "Hold …",
    "effort_hint": "Keep pushing.",
    "releasing": "Relax",
    "releasing_hint": "Let go completely.",
    "resting": "Rest {left} s",
    "resting_open": "Rest",
    "resting_hint": "Next: {limb}, {trial}.",
    "review": "All trials are done",
    "review_hint": "Repeat or exclude a trial if need be, then finish and save.",
    "interrupted": "The sensor was lost",
    "interrupted_hint": "What was recorded is kept. Connecting again …",
    "done": "Finished",
    "done_hint": "Saved as {path}. Close the window to go on.",
    "done_unsaved": "You can close the window.",
    # sensor
    "sensor_absent": "not found",
    "sensor_connecting": "connecting",
    "sensor_greeting": "answering",
    "sensor_ready": "ready",
    "sensor_lost": "lost",
    "sensor_refused": "cannot be reached",
    "no_sensor": "No sensor",
    "battery": "battery {battery}",
    "about": "{name}: {value}",
    # actions
    "go_ready": "Start now",
    "go_resting": "Skip the rest",
    "go_review": "Finish and save",
    "go_connecting": "Try again",
    "go_interrupted": "Try again",
    "go_other": "Start",
    "zero": "Zero",
    "repeat": "Repeat",
    "skip": "Skip trial",
    "stop": "Stop trial",
    "switch_left": "Switch to left",
    "switch_right": "Switch to right",
    "exclude": "Exclude trial {number}",
    "include": "Take trial {number} back",
    "exclude_none": "Exclude trial",
    "finish": "Finish and save",
    "save_as": "Save as…",
    "more": "View",
    "larger": "Larger text",
    "smaller": "Smaller text",
    "normal": "Normal text",
    "dark": "Dark colours",
    "ask_battery": "Ask the sensor for its battery",
    "switch_off": "Switch the sensor off",
    "with_key": "{label}, key {key}",
    # questions and answers inside the window
    "why_exclude": "Why is trial {number} left out?",
    "reason_pain": "Pain",
    "reason_technique": "Wrong movement",
    "reason_fixation": "Belt or sensor slipped",
    "reason_effort": "Not a full effort",
    "reason_other": "Another reason",
    "cancel": "Cancel",
    "finish_early": "Not all trials are done. Finish now?",
    "finish_yes": "Finish now",
    "finish_no": "Go on testing",
    "save_title": "Save a copy of the session",
    "save_filter": "Sessions (*.forcelab)",
    "saved_copy": "A copy was saved as {path}",
    "not_saved": "The copy could not be saved: {why}. Choose another folder.",
    "dismiss": "Dismiss",
    # live graph
    "axis_force": "Force (N)",
    "axis_ago": "Time before now (s)",
    "axis_onset": "Time after onset (s)",
    "axis_start": "Time (s)",
    "start_line": "start {value} N",
    "target_band": "target {low}–{high} N",
    "live_graph": "Live force of the last ten seconds",
    # the recorded trial
    "last_trial": "Last trial",
    "trial_title": "Trial {number}, {limb}",
    "practice_title": "Practice {number}, {limb}",
    "how_to": "How to do the test",
    "evaluating": "Being evaluated …",
    "no_trace": "There is no recording of this trial.",
    "onset": "onset",
    "peak_mark": "peak {value} N",
    "zoom_title": "Rise",
    "window": "RFD {window} ms",
    "no_flags": "No doubts about this trial.",
    "reasons": "Why this verdict",
    "not_assessed": "Not assessed: {sentence}",
    "no_onset": "No push was found in this trial.",
    "trial_summary": "{title}: {peak}. {verdict}. {flags}",
    "stopped_timeout": "Ended by time: force was not let go.",
    "stopped_operator": "Stopped by hand.",
    "stopped_interrupted": "Cut short: the sensor was lost.",
    # verdicts
    "trusted": "Trust it",
    "peak_only": "Trust the peak only",
    "repeat_it": "Repeat",
    "trusted_short": "trust it",
    "peak_only_short": "peak only",
    "repeat_it_short": "repeat",
    "excluded": "excluded",
    "best": "best",
    # flags in words
    "NO_QUIET": "no quiet phase",
    "PRELOAD": "loaded before the push",
    "PRETENSION": "tense before the push",
    "COUNTERMOVEMENT": "counter-movement",
    "DROPOUT": "samples lost",
    "CLIPPED": "sensor at its limit",
    "PEAK_LATE": "still rising at the end",
    "NOISY_BASELINE": "noisy baseline",
    "NO_ONSET": "start not found",
    "CREEP": "slow take-up",
    "SLOPE": "drift before the push",
    "SLOW_RISE": "slow rise",
    "SHORT_HOLD": "short plateau",
    "DOUBLE_PUSH": "pushed twice",
    "SIGN": "wrong way round",
    "DISCARDED": "samples left out",
    "RATE_OFF": "unusual rate",
    "ZERO_DRIFT": "zero has moved",
    "SCALE": "scale not settled",
    "flag_none": "none",
    # table and results
    "column_trial": "Trial",
    "column_flags": "Doubts",
    "column_verdict": "Verdict",
    "practice_short": "practice",
    "metric_peak_force": "Peak force",
    "metric_peak_force_gross": "Peak force, gross",
    "metric_mean_1s": "Best 1-s mean",
    "metric_time_to_peak": "Time to peak",
    "metric_rfd": "RFD {window}",
    "metric_rfd_percent": "RFD {window} %",
    "metric_peak_rfd": "Peak RFD, {window} ms",
    "metric_force_at": "Force at {window} ms",
    "metric_impulse": "Impulse {window} ms",
    "metric_peak_torque": "Peak torque",
    "metric_peak_torque_gross": "Peak torque, gross",
    "metric_mean_1s_torque": "Best 1-s mean torque",
    "metric_rtd": "RTD {window}",
    "metric_rtd_percent": "RTD {window} %",
    "metric_peak_rtd": "Peak RTD, {window} ms",
    "metric_torque_at": "Torque at {window} ms",
    "metric_angular_impulse": "Angular impulse {window} ms",
    "metric_per_kg": "{name}, per kg",
    "metric_percent_bw": "{name}, % of body weight",
    "metric_allometric_067": "{name}, per kg^0.67",
    "metric_allometric_2_3": "{name}, per kg^(2/3)",
    "withheld": "withheld",
    # how far a number may lie off
    "between": "{low}–{high}",
    "from_to": "{low} to {high}",
    "interval_meaning": "In brackets: 95 % interval of the instrument, not the error of the test.",
    "outside_interval": "Outside its interval: the greatest of many noisy samples, or shifted by sampling.",
    "over_rules": "Over the onset rules: {ends} {unit}",
    "over_set_up": "By the errors of lever arm and angle: {ends} {unit}",
    "rejected_number": "{number} (rejected)",
    "rejected": "Rejected: a doubt about this trial takes the number away. Do not use it.",
    "indicative": "Indicative: only just carried, by the rate, the noise, or a push shorter than the window.",
    "below_rate": "The sensor's rate does not carry it.",
    "not_verified": "Definition not verified against its source.",
    "best_left": "Best left",
    "best_right": "Best right",
    "best_both": "Best",
    "mean_left": "Mean left",
    "mean_right": "Mean right",
    "mean_both": "Mean",
    "no_error_known": "No retest error is known here: nothing can be said about a real difference.",
    "advice": "{side}: {sentence}",
    "one_more": "One more trial is advised.",
    "symmetry": "Symmetry (LSI)",
    "no_results": "Results appear after the first trial.",
    "table_name": "Trials, {side}",
    # the first page
    "start_title": "New session",
    "ask_participant": "Participant",
    "participant_hint": "code, never a name",
    "ask_operator": "Tester",
    "operator_hint": "code, may be left empty",
    "ask_body_mass": "Body mass (kg)",
    "body_mass_hint": "may be left empty; for numbers per kg",
    "ask_test": "Test",
    "ask_lever_arm": "Lever arm (m)",
    "lever_arm_hint": "{lever}; may be empty",
    "no_number": "“{text}” is no number.",
    "ask_side": "Side",
    "sides_in_turn": "left and right in turn",
    "ask_trials": "Trials a side",
    "ask_practice": "Practice trials before them",
    "ask_sensor": "Sensor",
    "any_sensor": "the first known sensor in range",
    "simulated_sensor": "simulated sensor, for trying out",
    "simulated_pair": "two simulated sensors, for trying out",
    "ask_capacity": "Capacity of the sensor",
    "capacity_unknown": "not known (overload cannot be noticed)",
    "start_session": "Start",
    "recover": "Recover",
    "recover_named": "Recover {name}",
    "ended_without_closing": "{name} ended without closing. Everything up to its end is in it.",
    "not_medical": "Measures, shows and stores force. Not a medical device; no diagnosis, no advice.",
    # why there is no window
    "no_display": "There is no display to open a window on.",
    "no_binding": 'The window needs PySide6 and pyqtgraph ({missing} is missing): pip install "forcelab[app]".',
    "no_library": "The window needs system libraries ({missing} is missing): apt-get install -y {packages}",
}

_spoken: list[Mapping[str, str]] = [ENGLISH]


def choose(table: Mapping[str, str]) -> None:
    """Speak from another table from now on; an id that it lacks is said in English."""
    _spoken[0] = table


def say(key: str, /, **values: object) -> str:
    """The text of an id, with its values filled in."""
    text = _spoken[0].get(key) or ENGLISH[key]
    return text.format(**values) if values else text


def known(key: str) -> bool:
    """Whether there is a text of that id."""
    return key in ENGLISH


def flag_words(name: str) -> str:
    """The name of a flag in words; one that has none is its own name in small letters."""
    return say(name) if known(name) else name.replace("_", " ").lower()


def metric_words(metric: str) -> str:
    """The name of a metric in words, from its id."""
    if known(f"metric_{metric}"):
        return say(f"metric_{metric}")
    for scaling in ("per_kg", "percent_bw", "allometric_067", "allometric_2_3"):
        if metric.endswith(f"_{scaling}"):
            return say(f"metric_{scaling}", name=metric_words(metric.removesuffix(f"_{scaling}")))
    for prefix in ("peak_rfd", "force_at", "impulse", "rfd", "peak_rtd", "torque_at", "angular_impulse", "rtd"):
        if metric.startswith(prefix + "_"):
            window = metric.removeprefix(prefix + "_").replace("_", "–")
            percent = metric.endswith("_20_80")  # the one window in per cent of peak; the others are in ms
            return say(f"metric_{prefix}_percent" if percent else f"metric_{prefix}", window=window)
    return metric.replace("_", " ")
