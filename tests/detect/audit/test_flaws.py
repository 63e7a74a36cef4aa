from __future__ import annotations

import pytest

from seawall.detect.audit.flaws import Flaw, all_flaws, for_platform
from seawall.detect.audit.releases import Held, release


@pytest.mark.parametrize("flaw", all_flaws(), ids=lambda flaw: flaw.cve)
def test_a_flaw_holds_its_own_builds_and_not_its_fixes(flaw: Flaw) -> None:
    platform = flaw.platforms[0]
    for build in sorted(flaw.builds)[:50]:
        asked = release(build, platform)
        assert asked is not None
        assert flaw.holds(asked) is Held.YES, build
    for span in flaw.ranges:
        for fix in span.fixed:
            asked = release(fix, platform)
            assert asked is not None
            assert flaw.holds(asked) is Held.NO, fix


def test_the_fix_named_is_of_the_train_a_device_is_in() -> None:
    web = next(flaw for flaw in for_platform("iosxe") if flaw.cve == "CVE-2023-20198")
    assert web.fixes_for(release("17.3.4", "iosxe")) == ("17.3.8a",)
    assert web.fixes_for(None) == ("17.12.2",)


def test_a_platform_nobody_knows_has_no_flaws() -> None:
    assert for_platform("amiga") == ()
