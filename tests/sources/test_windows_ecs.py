from __future__ import annotations

from seawall.sources.windows_ecs import at, beat_of, is_beat


def test_values_given_as_lists_of_one_are_values() -> None:
    assert at({"process": {"pid": [4]}}, "process.pid") == 4
    assert at({"process": {"pid": {"x": 1}}}, "process.pid") is None


def test_a_file_goes_by_the_name_sysmon_gives_it() -> None:
    for number, name in (("7", "ImageLoaded"), ("11", "TargetFilename"), ("17", "PipeName")):
        event = {
            "winlog": {"channel": "Microsoft-Windows-Sysmon/Operational", "event_id": number},
            "file": {"path": "C:\\x"},
        }
        assert is_beat(event)
        made = beat_of(event)
        assert made is not None
        assert made["EventData"] == {name: "C:\\x"}


def test_names_with_dots_that_stand_in_each_others_way_do_no_harm() -> None:
    assert beat_of({"winlog": "x", "winlog.channel": "Security", "winlog.event_id": 1}) is None
    made = beat_of({"winlog.channel": "Security", "winlog.event_id": 4688, "winlog.event_data.CommandLine": "a"})
    assert made is not None
    assert made["EventData"] == {"CommandLine": "a"}
