"""Who gets in where: one line for every address of the project.

A line says which roles get in, and names the objects of the address after the initiative, in their order;
`world.py` makes them. An object that begins with "=" stands in the address as it is. `of_own` is for
addresses about a person's own organization: with another partner's objects they answer a partner's people
404. Django's and allauth's own addresses stand in `backbone/access/policy.py` instead.
"""

from dataclasses import dataclass, replace

from backbone.access.permissions import Role

DIRECTOR = frozenset({Role.BACKBONE_DIRECTOR})
DATA = DIRECTOR | {Role.DATA_MANAGER}
PARTNERS_DESK = DIRECTOR | {Role.FACILITATOR}
STAFF = DATA | {Role.FACILITATOR}
MANAGER = frozenset({Role.PARTNER_MANAGER})
APPROVERS = MANAGER | {Role.APPROVER}
REPORTERS = APPROVERS | {Role.REPORTER}
PARTNER = REPORTERS | {Role.VIEWER}
EVERYBODY = frozenset(Role)
ACTORS = REPORTERS | STAFF
COMMITTERS = APPROVERS | STAFF | {Role.FUNDER_VIEWER}
COMMENTERS = EVERYBODY - {Role.FUNDER_VIEWER}


@dataclass(frozen=True)
class Address:
    roles: frozenset[Role] = EVERYBODY
    objects: tuple[str, ...] = ()
    own: bool = False
    in_initiative: bool = True
    public: bool = False
    answers: tuple[int, ...] = ()  # more that is right, beside what any page may answer
    visitors: bool = False  # lets in who is here by a signed link to its report
    program: bool = False  # asked by programs: answers 401 to whoever is not known, and shows no sign-in


def to(roles: frozenset[Role], *objects: str) -> Address:
    return Address(roles, objects)


def of_own(roles: frozenset[Role], *objects: str) -> Address:
    return Address(roles, objects, own=True)


def for_programs(address: Address) -> Address:
    return replace(address, program=True)


def said_in_the_form(address: Address) -> Address:
    """For one whose form says which object is meant: sent empty, it is not found."""
    return replace(address, answers=(404,))


def for_visitors(address: Address) -> Address:
    return replace(address, visitors=True)


def not_there(address: Address) -> Address:
    """For one that answers as if nothing were there, until something is opened."""
    return replace(address, answers=(404,))


NO_LINK = "=00000000-0000-4000-8000-000000000000"
SIGNED_IN = Address(in_initiative=False)
PUBLIC = Address(in_initiative=False, public=True)

TABLE: dict[str, Address] = {
    "livez": PUBLIC,
    "readyz": PUBLIC,
    "home": SIGNED_IN,
    "notifications:notices": SIGNED_IN,
    "notifications:read-all": SIGNED_IN,
    "notifications:mail": SIGNED_IN,
    # Everybody's own, and nobody else's.
    "notifications:read": replace(
        SIGNED_IN, objects=("=00000000-0000-0000-0000-000000000000",), answers=(404,)
    ),
    "measurement:starting:start": Address(frozenset(), in_initiative=False),
    # --- initiatives ---------------------------------------------------------------------------------
    "initiatives:charter:landing": to(EVERYBODY),
    "initiatives:charter:settings": to(DIRECTOR),
    "initiatives:directory:invitation": replace(PUBLIC, answers=(404,)),  # nobody here was invited
    "initiatives:directory:invitation-link": replace(PUBLIC, objects=("=nonsense",), answers=(404,)),
    "initiatives:directory:partners": to(STAFF),
    "initiatives:directory:add-partner": to(PARTNERS_DESK),
    "initiatives:directory:partner": to(STAFF, "organization"),
    "initiatives:directory:edit-partner": to(PARTNERS_DESK, "organization"),
    "initiatives:directory:leave": to(PARTNERS_DESK, "participation"),
    "initiatives:directory:stay": to(PARTNERS_DESK, "participation"),
    "initiatives:directory:invite": to(PARTNERS_DESK, "organization"),
    "initiatives:directory:change-role": to(PARTNERS_DESK, "organization", "membership"),
    "initiatives:directory:end-membership": to(PARTNERS_DESK, "organization", "membership"),
    "initiatives:directory:resend": to(PARTNERS_DESK, "organization", "invitation"),
    "initiatives:directory:withdraw": to(PARTNERS_DESK, "organization", "invitation"),
    "initiatives:directory:own-people": to(MANAGER),
    "initiatives:directory:own-invite": of_own(MANAGER, "organization"),
    "initiatives:directory:own-change-role": of_own(MANAGER, "organization", "membership"),
    "initiatives:directory:own-end-membership": of_own(MANAGER, "organization", "membership"),
    "initiatives:directory:own-resend": of_own(MANAGER, "organization", "invitation"),
    "initiatives:directory:own-withdraw": of_own(MANAGER, "organization", "invitation"),
    "initiatives:directory:groups": to(STAFF),
    "initiatives:directory:add-group": to(PARTNERS_DESK),
    "initiatives:directory:group": to(STAFF, "group"),
    "initiatives:directory:edit-group": to(PARTNERS_DESK, "group"),
    "initiatives:directory:put-into-group": to(PARTNERS_DESK, "group"),
    "initiatives:directory:take-out-of-group": to(PARTNERS_DESK, "group", "organization"),
    "initiatives:actions:actions": to(EVERYBODY),
    "initiatives:actions:board": to(EVERYBODY),
    "initiatives:actions:timeline": to(EVERYBODY),
    "initiatives:actions:calendar": to(EVERYBODY),
    "initiatives:actions:ours": to(EVERYBODY),
    "initiatives:actions:action": to(EVERYBODY, "action"),
    "initiatives:actions:add": to(ACTORS),
    "initiatives:actions:edit": of_own(ACTORS, "action"),
    "initiatives:actions:say": of_own(ACTORS, "action"),
    "initiatives:actions:remove": of_own(ACTORS, "action"),
    "initiatives:actions:add-milestone": of_own(ACTORS, "action"),
    "initiatives:actions:edit-milestone": of_own(ACTORS, "action", "milestone"),
    "initiatives:actions:tick": of_own(ACTORS, "action", "milestone"),
    "initiatives:actions:remove-milestone": of_own(ACTORS, "action", "milestone"),
    "initiatives:actions:add-wait": of_own(ACTORS, "action"),
    "initiatives:actions:remove-wait": of_own(ACTORS, "action", "wait"),
    "initiatives:actions:ask": of_own(ACTORS, "action"),
    "initiatives:actions:take-part": to(COMMITTERS, "action"),
    # Nobody answers for another organization, and the backbone for a partner neither.
    "initiatives:actions:answer": replace(of_own(COMMITTERS, "commitment"), answers=(404,)),
    "initiatives:actions:settle": replace(of_own(COMMITTERS, "commitment"), answers=(404,)),
    "initiatives:actions:withdraw": of_own(ACTORS, "commitment"),
    "initiatives:exchange:exchange": to(EVERYBODY),
    "initiatives:exchange:listing": to(EVERYBODY, "listing"),
    "initiatives:exchange:appeal": to(EVERYBODY, "appeal"),
    "initiatives:exchange:add": to(ACTORS, "=offer"),
    "initiatives:exchange:add-appeal": to(ACTORS),
    "initiatives:exchange:close": of_own(ACTORS, "listing"),
    "initiatives:exchange:close-appeal": of_own(ACTORS, "appeal"),
    "initiatives:exchange:respond": to(COMMITTERS, "listing"),
    "initiatives:exchange:pledge": to(COMMITTERS, "appeal"),
    "initiatives:exchange:answer": replace(of_own(COMMITTERS, "deal"), answers=(404,)),
    "initiatives:exchange:settle": replace(of_own(COMMITTERS, "pledge"), answers=(404,)),
    # Who has started it sees it, and staff do; of anybody else's it is as if it were not there.
    "initiatives:jobs:works": to(EVERYBODY),
    "initiatives:jobs:work": replace(to(EVERYBODY, "work"), answers=(404,)),
    "initiatives:jobs:stop-work": replace(to(EVERYBODY, "work"), answers=(404,)),
    # --- measurement: for programs -------------------------------------------------------------------
    "measurement:api:about": PUBLIC,
    "measurement:api:openapi": PUBLIC,
    "measurement:api:initiatives": for_programs(SIGNED_IN),
    "measurement:api:initiative": for_programs(to(EVERYBODY)),
    "measurement:api:indicators": for_programs(to(EVERYBODY)),
    "measurement:api:indicator": for_programs(to(EVERYBODY, "indicator")),
    "measurement:api:breakdowns": for_programs(to(EVERYBODY)),
    "measurement:api:calendars": for_programs(to(EVERYBODY)),
    "measurement:api:periods": for_programs(to(EVERYBODY)),
    "measurement:api:groups": for_programs(to(EVERYBODY)),
    "measurement:api:partners": for_programs(to(STAFF)),
    "measurement:api:expected-reports": for_programs(to(PARTNER | STAFF)),
    "measurement:api:start": for_programs(of_own(REPORTERS, "expected")),
    "measurement:api:reports": for_programs(to(PARTNER | STAFF)),
    "measurement:api:report": for_programs(of_own(PARTNER | STAFF, "report")),
    "measurement:api:figures": for_programs(of_own(REPORTERS, "report")),
    "measurement:api:submit": for_programs(of_own(REPORTERS, "report")),
    "measurement:api:take-back": for_programs(of_own(APPROVERS, "report")),
    "measurement:api:return": for_programs(to(DATA, "report")),
    "measurement:api:approve": for_programs(to(DATA, "report")),
    "measurement:api:observations": for_programs(to(PARTNER | STAFF)),
    "measurement:api:cells": for_programs(to(EVERYBODY)),
    "measurement:api:cell": for_programs(to(EVERYBODY, "indicator", "calendar code", "period code")),
    "measurement:api:parts": for_programs(to(EVERYBODY, "indicator", "calendar code", "period code")),
    "measurement:api:nowhere": replace(for_programs(SIGNED_IN), objects=("=nothing",), answers=(404,)),
    "measurement:api:keys": to(DIRECTOR | MANAGER),
    "measurement:api:make-key": to(DIRECTOR | MANAGER),
    # The key is the partner's: to the director, who looks after the backbone's, it is not there.
    "measurement:api:revoke-key": replace(of_own(DIRECTOR | MANAGER, "key"), answers=(404,)),
    "measurement:indicators:publishing": to(DATA, "indicator"),
    "measurement:releases:releases": to(STAFF),
    "measurement:releases:new": to(DATA),
    "measurement:releases:release": to(STAFF, "release"),
    "measurement:releases:measure": replace(to(STAFF, "release", "indicator"), answers=(404,)),  # not built
    "measurement:releases:publish": to(DATA, "release"),
    "measurement:releases:build-again": to(DATA, "release"),
    "measurement:releases:withdraw": to(DATA, "release"),
    "measurement:releases:discard": to(DATA, "release"),
    # To whom a release is not told it is not there; this one has not been built, so it is there for nobody.
    "measurement:reports:files": replace(to(EVERYBODY, "release"), answers=(404,)),
    "measurement:reports:make-pdf": replace(to(EVERYBODY, "release"), answers=(404,)),
    "measurement:reports:file": replace(to(EVERYBODY, "release", "=csv"), answers=(404,)),
    # World's release is not published: its readers find nothing there, as anybody does behind a closed door.
    "measurement:publishing:overview": to(EVERYBODY),
    "measurement:publishing:inside-release": not_there(to(EVERYBODY, "release")),
    "measurement:publishing:inside-measure": not_there(to(EVERYBODY, "release", "indicator")),
    "measurement:publishing:inside-changes": not_there(to(EVERYBODY, "release")),
    "measurement:publishing:inside-protection": not_there(to(EVERYBODY, "release")),
    "measurement:publishing:public": not_there(replace(PUBLIC, objects=("=nowhere",))),
    "measurement:publishing:public-release": not_there(replace(PUBLIC, objects=("=nowhere", "=1"))),
    "measurement:publishing:public-measure": not_there(
        replace(PUBLIC, objects=("=nowhere", "=1", "=served"))
    ),
    "measurement:publishing:public-changes": not_there(replace(PUBLIC, objects=("=nowhere", "=1"))),
    "measurement:publishing:public-protection": not_there(replace(PUBLIC, objects=("=nowhere", "=1"))),
    "measurement:publishing:frame": not_there(replace(PUBLIC, objects=("=nowhere", "=served"))),
    "measurement:publishing:image": not_there(replace(PUBLIC, objects=("=nowhere", "=served"))),
    "measurement:publishing:follow": not_there(replace(PUBLIC, objects=("=nonsense",))),
    "measurement:publishing:shared-release": not_there(replace(PUBLIC, objects=(NO_LINK,))),
    "measurement:publishing:shared-measure": not_there(replace(PUBLIC, objects=(NO_LINK, "=served"))),
    "measurement:publishing:shared-changes": not_there(replace(PUBLIC, objects=(NO_LINK,))),
    "measurement:publishing:shared-protection": not_there(replace(PUBLIC, objects=(NO_LINK,))),
    "measurement:publishing:links": to(DATA, "release"),
    "measurement:publishing:revoke-link": to(DATA, "release", "share link"),
    "measurement:publishing:public-page": to(DATA),
    "initiatives:agenda:agenda": to(EVERYBODY),
    "initiatives:agenda:node": to(EVERYBODY, "node"),
    "initiatives:agenda:versions": to(EVERYBODY),
    "initiatives:agenda:version": to(EVERYBODY, "version"),
    "initiatives:agenda:compare": to(EVERYBODY, "version"),
    "initiatives:agenda:comment": to(COMMENTERS, "version"),
    "initiatives:agenda:answer": of_own(APPROVERS, "version", "organization"),
    "initiatives:agenda:remind": to(STAFF, "version"),
    "initiatives:agenda:adopt": to(DIRECTOR, "version"),
    "initiatives:agenda:quorum": to(DIRECTOR),
    "initiatives:agenda:draft": to(STAFF),
    "initiatives:agenda:start-draft": to(STAFF),
    "initiatives:agenda:discard-draft": to(STAFF),
    "initiatives:agenda:propose": to(STAFF),
    "initiatives:agenda:section": to(STAFF, "=vision"),
    "initiatives:agenda:add-node": to(STAFF, "=goal"),
    "initiatives:agenda:edit-node": to(STAFF, "node"),
    "initiatives:agenda:shift-node": to(STAFF, "node"),
    "initiatives:agenda:put-node-under": to(STAFF, "node"),
    "initiatives:agenda:remove-node": to(STAFF, "node"),
    # --- measurement: definitions ----------------------------------------------------------------------
    "measurement:indicators:indicators": to(STAFF),
    "measurement:indicators:define": to(DATA),
    "measurement:indicators:define-as": to(DATA, "=flow"),
    "measurement:indicators:sheet": to(EVERYBODY, "indicator"),
    "measurement:indicators:redefine": to(DATA, "indicator"),
    "measurement:indicators:set-target": to(DATA, "indicator"),
    "measurement:indicators:change-target": to(DATA, "indicator", "target"),
    "measurement:indicators:remove-target": to(DATA, "indicator", "target"),
    "measurement:indicators:watch-gap": to(DATA, "indicator"),
    "measurement:indicators:change-gap": to(DATA, "indicator", "gap"),
    "measurement:indicators:drop-gap": to(DATA, "indicator", "gap"),
    "measurement:networks:networks": to(STAFF),
    "measurement:networks:start-network": to(DATA),
    "measurement:networks:join-network": to(DATA),
    "measurement:networks:network": to(STAFF, "network"),
    "measurement:networks:propose": to(DATA, "network", "network measure"),
    "measurement:networks:accept": to(DATA, "network", "network match"),
    "measurement:networks:leave": to(DATA, "network"),
    "measurement:benchmarks:benchmarks": to(EVERYBODY, "indicator"),
    "measurement:benchmarks:add-benchmark": to(DATA, "indicator"),
    "measurement:benchmarks:change-benchmark": to(DATA, "indicator", "benchmark"),
    "measurement:benchmarks:remove-benchmark": to(DATA, "indicator", "benchmark"),
    "measurement:rates:rates": to(DATA),
    "measurement:stated:population": replace(to(DATA, "indicator"), answers=(404,)),  # of another kind
    "measurement:stated:overlaps": replace(to(DATA, "indicator"), answers=(404,)),  # of another kind
    "measurement:indicators:breakdowns": to(STAFF),
    "measurement:indicators:add-breakdown": to(DATA),
    "measurement:indicators:add-cross-table": to(DATA),
    "measurement:indicators:breakdown": to(DATA, "breakdown"),
    "measurement:indicators:add-category": to(DATA, "breakdown"),
    "measurement:indicators:remove-category": to(DATA, "breakdown", "category"),
    "measurement:indicators:node-measures": to(EVERYBODY, "node"),
    "measurement:indicators:link-measure": said_in_the_form(to(DATA, "node")),
    "measurement:indicators:unlink-measure": said_in_the_form(to(DATA, "node")),
    "measurement:indicators:move-measure": said_in_the_form(to(DATA, "node")),
    # --- measurement: periods, and who reports what ------------------------------------------------------
    "measurement:planning:periods": to(STAFF),
    "measurement:planning:add-calendar": to(DATA),
    "measurement:planning:calendar": to(STAFF, "calendar"),
    "measurement:planning:add-periods": to(DATA, "calendar"),
    "measurement:planning:period": to(STAFF, "period"),
    "measurement:planning:open-period": to(DATA, "period"),
    "measurement:planning:close-period": to(DATA, "period"),
    "measurement:planning:reopen-period": to(DATA, "period"),
    "measurement:planning:lock-period": to(DATA, "period"),
    "measurement:planning:unlock-period": to(DATA, "period"),
    "measurement:planning:change-due-date": to(DATA, "period"),
    "measurement:planning:assignments": to(STAFF, "indicator"),
    "measurement:planning:assign": to(DATA, "indicator"),
    "measurement:planning:merges": to(DATA, "breakdown"),
    "measurement:planning:merge-categories": to(DATA, "breakdown"),
    "measurement:planning:nest": to(DATA, "breakdown"),
    "measurement:planning:change-breakdowns": to(DATA, "assignment"),
    "measurement:planning:end-assignment": to(DATA, "assignment"),
    # --- measurement: reports -----------------------------------------------------------------------------
    "measurement:feedback:became": of_own(PARTNER, "report"),
    "measurement:burden:burden": to(STAFF),
    "measurement:burden:own-burden": to(PARTNER),
    "measurement:submissions:your-report": to(PARTNER),
    "measurement:submissions:our-figures": to(PARTNER),
    "measurement:submissions:start": of_own(REPORTERS, "expected"),
    "measurement:submissions:report": for_visitors(of_own(PARTNER | STAFF, "report")),
    "measurement:submissions:say": for_visitors(of_own(PARTNER | STAFF, "report")),
    "measurement:submissions:save": for_visitors(of_own(REPORTERS, "report")),
    "measurement:submissions:hand-in": for_visitors(of_own(REPORTERS, "report")),
    "measurement:submissions:check": for_visitors(of_own(REPORTERS, "report")),
    "measurement:submissions:paste": for_visitors(of_own(REPORTERS, "report")),
    "measurement:submissions:thanks": for_visitors(of_own(PARTNER, "report")),
    "measurement:submissions:also-open": for_visitors(of_own(REPORTERS, "report")),
    "measurement:submissions:evidence": for_visitors(of_own(PARTNER | STAFF, "report")),
    "measurement:submissions:add-evidence": for_visitors(of_own(REPORTERS, "report")),
    "measurement:submissions:evidence-file": for_visitors(of_own(PARTNER | STAFF, "report", "evidence")),
    "measurement:submissions:remove-evidence": for_visitors(of_own(REPORTERS, "report", "evidence")),
    "measurement:submissions:take-back": of_own(APPROVERS, "report"),
    "measurement:submissions:review-queue": to(STAFF),
    "measurement:submissions:approve-many": to(DATA),
    "measurement:submissions:approved": to(DATA, "approving"),
    "measurement:submissions:approve": to(DATA, "report"),
    "measurement:submissions:return": to(DATA, "report"),
    "measurement:submissions:reopen": to(DATA, "report"),
    "measurement:submissions:withdraw": to(DATA, "report"),
    # --- measurement: figures from files -------------------------------------------------------------------
    "measurement:imports:report-xlsx": of_own(PARTNER | STAFF, "report"),
    "measurement:imports:report-csv": of_own(PARTNER | STAFF, "report"),
    "measurement:imports:upload-report": of_own(REPORTERS, "report"),
    "measurement:imports:imports": to(DATA | REPORTERS),
    "measurement:imports:import": of_own(DATA | REPORTERS, "import"),
    "measurement:imports:confirm": of_own(REPORTERS, "import"),
    "measurement:imports:check-again": of_own(REPORTERS, "import"),
    "measurement:imports:drop": of_own(REPORTERS, "import"),
    # --- measurement: links to one report, reminders --------------------------------------------------------
    "measurement:reminding:link": replace(to(EVERYBODY, "=nonsense"), public=True, answers=(404,)),
    "measurement:reminding:open-link": replace(to(EVERYBODY), public=True, answers=(404,)),
    "measurement:reminding:leave": replace(to(EVERYBODY), public=True),
    "measurement:reminding:links": to(DATA | MANAGER),
    "measurement:reminding:revoke-link": of_own(DATA | MANAGER, "link"),
    "measurement:reminding:send-links": to(DATA, "period"),
    "measurement:reminding:calendar": to(EVERYBODY),
    "measurement:reminding:make-feed": said_in_the_form(to(EVERYBODY)),
    "measurement:reminding:revoke-feed": said_in_the_form(to(EVERYBODY)),
    "measurement:reminding:feed": replace(to(EVERYBODY, "=nonsense"), public=True, answers=(404,)),
    "measurement:reminding:schedule": to(DATA, "calendar"),
    "measurement:reminding:later": of_own(REPORTERS, "expected"),
    "measurement:reminding:snooze": of_own(REPORTERS, "expected"),
    "measurement:reminding:ask": of_own(REPORTERS, "expected"),
    # --- measurement: what it adds up to --------------------------------------------------------------------
    "measurement:dashboards:today": to(STAFF),
    "measurement:dashboards:dashboard": to(EVERYBODY),
    "measurement:dashboards:strategy-map": to(EVERYBODY),
    "measurement:dashboards:node-curves": to(EVERYBODY, "node"),
    "measurement:dashboards:indicator": to(EVERYBODY, "indicator"),
    "measurement:dashboards:try-change": to(DATA, "indicator"),
    "measurement:dashboards:how": to(EVERYBODY, "indicator", "calendar code", "period code"),
}
