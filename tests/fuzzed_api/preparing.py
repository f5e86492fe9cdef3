"""What each operation needs so that a request of it can be taken: the world is put in order."""
from fuzzed_api import sales
from fuzzed_api.values import PASSWORD
from fuzzed_api.world import Caller, Ready


def nobody(world):
    """Somebody who has not signed in, and is not signed in by what they ask."""
    caller = Caller(world.program.port)
    caller.keeps_cookies = False
    return caller


def with_token(purpose):
    return lambda world: Ready(nobody(world), fields={"token": world.token(purpose)})


def on_link(*actions):
    def ready(world):
        caller = world.anybody()
        return Ready(caller, world.link(caller, *actions))
    return ready


def on(prefix, kind):
    return lambda world: Ready(world.anybody(), world.id_of(prefix, kind))


def own(kind, **fields):
    return lambda world: Ready(world.spare(kind), fields=fields)


def own_proof(world):
    caller = world.spare("guarded")
    code = caller.codes.pop() if caller.codes else "none is left"
    return Ready(caller, fields={"password": PASSWORD, "totp": code})


def confirming_totp(world):
    caller = world.spare("user")
    return Ready(caller, fields={"code": world.begin_totp(caller)})


def ending_a_session(world):
    caller = world.spare("user")
    def others():
        return [each["id"] for each in caller.get("/sessions").json()["data"]
                if not each["current"]]
    if not others():
        Caller(world.program.port).enter(caller.get("/me").json()["user"]["email"])
    return Ready(caller, others()[0])


def signing_in(world):
    email = world.made("user")[1]
    return Ready(nobody(world), fields={"email": email, "password": PASSWORD, "totp": None})


def applying(world):
    company = world.draw.choice([None, "Kestrel Freight"])
    return Ready(nobody(world), fields={"kind": "company" if company else "person",
                                        "company": company,
                                        "terms_version": world.terms()})


def accepting(world):
    return Ready(world.callers["partner"], fields={"version": world.terms()})


def publishing(world):
    return Ready(world.anybody(), fields={"version": world.terms() + 1})


def viewing_as(world):
    return Ready(world.spare("admin"), world.fixed["users"])


def enrolled(status, **fields):
    return lambda world: Ready(world.anybody(), world.enrolment(status)[0], fields)


def enrolling(world):
    return Ready(world.anybody(), fields={"user_id": world.id_of("usr", "newcomer"), "status": None,
                                          "program_id": world.fixed["programs"],
                                          "counts_from": None})


def registering(world):
    domain = world.unique("lead").replace(" ", "-") + ".example"
    return Ready(world.anybody(), fields={
        "user_id": world.enrolment()[1], "program_id": world.fixed["programs"], "domain": domain,
        "registered_at": None, "email": None, "mc_number": None, "dot_number": None})


def making_a_program(world):
    return Ready(world.anybody(), fields={"name": world.unique("Program"), "budget": None,
                                          "minimum_payout": "1.00", "four_eyes_above": None})


def making_a_partner(world):
    return Ready(world.anybody(), fields={
        "program_id": world.fixed["programs"], "kind": None, "company": None, "group_id": None,
        "counts_from": None, "code": None})


def on_lead(**fields):
    return lambda world: Ready(world.anybody(), world.id_of("led", "lead"), fields)


def with_fields(**fields):
    return lambda world: Ready(world.anybody(), fields=fields)


def with_query(**query):
    return lambda world: Ready(world.anybody(), query=query)


PREPARED = sales.PREPARED | {
    "changeApiKey": lambda world: Ready(world.admin, world.id_of("key", "key")),
    "revokeApiKey": lambda world: Ready(world.admin, world.id_of("key", "key")),
    "rotateApiKey": lambda world: Ready(world.admin, world.id_of("key", "key")),
    "getApplication": on("app", "waiting"), "approveApplication": on("app", "waiting"),
    "rejectApplication": on("app", "waiting"),
    "getJob": on("job", "job"), "discardJob": on("job", "job"), "replayJob": on("job", "job"),
    "changeProgram": lambda world: Ready(world.anybody(), world.id_of("prg", "program"), {
        "minimum_payout": "2.00", "budget": None, "four_eyes_above": None}),
    "createProgram": making_a_program,
    "getPartner": on("usr", "newcomer"), "createPartner": making_a_partner,
    "changePartner": lambda world: Ready(world.anybody(), world.id_of("usr", "newcomer"), {
        "kind": "company", "company": "Kestrel Freight", "referred_by": None}),
    "getGroup": on("grp", "group"), "changeGroup": on("grp", "group"),
    "createGroup": lambda world: Ready(world.anybody(), fields={"name": world.unique("Group")}),
    "getEnrolment": enrolled("approved"), "changeEnrolment": enrolled("approved"),
    "createEnrolment": enrolling, "approveEnrolment": enrolled("applied"),
    "rejectEnrolment": enrolled("applied", reason="No"),
    "suspendEnrolment": enrolled("approved", reason="Odd"),
    "banEnrolment": enrolled("approved", reason="Odd"),
    "reinstateEnrolment": enrolled("suspended"), "leaveEnrolment": enrolled("approved"),
    "getLead": on("led", "lead"), "createLead": registering,
    "acceptLead": on_lead(protected_until=None), "rejectLead": on_lead(),
    "changeUser": on("usr", "user"), "signOutUser": on("usr", "user"),
    "inviteAgain": on("usr", "invited"), "resetTotp": on("usr", "guarded"),
    "viewAs": viewing_as, "endViewAs": own("viewing"),
    "changeLink": on_link(), "banLink": on_link(), "disableLink": on_link(), "pauseLink": on_link(),
    "activateLink": on_link("pause"),
    "acceptInvitation": with_token("invitation"), "getInvitation": with_token("invitation"),
    "confirmEmail": with_token("email-change"), "resetPassword": with_token("reset-password"),
    "unlock": with_token("unlock"), "verifyEmail": with_token("verify-email"),
    "getOwnTerms": lambda world: Ready(world.callers["partner"]),
    "acceptTerms": accepting, "publishTerms": publishing, "apply": applying, "signIn": signing_in,
    "forgotPassword": lambda world: Ready(nobody(world)),
    "resendVerification": lambda world: Ready(nobody(world)),
    "signOut": own("user"), "signOutEverywhere": own("user"), "endSession": ending_a_session,
    "changeMe": own("user"), "changeEmail": own("user", password=PASSWORD, totp=None),
    "changePassword": own("user", current_password=PASSWORD, totp=None),
    "beginTotp": own("user", password=PASSWORD), "confirmTotp": confirming_totp,
    "disableTotp": own_proof, "renewRecoveryCodes": own_proof,
    # Of the settings those stay as they are that would keep the callers out.
    "changeSettings": with_fields(totp_required_roles=[], applications_open=True),
    "getTimeseries": with_query(interval="week"),
    "getBreakdown": with_query(by="country"), "proveAuditLogs": with_query(after=0),
}
# After a request of these was taken, the caller is not who they were.
SPENDING = {"signOut", "signOutEverywhere", "viewAs", "endViewAs", "changePassword", "confirmTotp",
            "disableTotp", "renewRecoveryCodes"}


def ready_for(world, operation):
    """A caller, and an object for the operation to work on."""
    if operation.name in PREPARED:
        return PREPARED[operation.name](world)
    caller = world.anybody()
    return Ready(caller, world.fixed[operation.path.split("/")[1]] if operation.takes_id else "")


def afterwards(world, operation, ready, status):
    """Whom the request used up."""
    taken = status < 400 and operation.name in SPENDING
    if taken or status == 429 or (operation.name in ("disableTotp", "renewRecoveryCodes")
                                  and not ready.caller.codes):
        world.spend(ready.caller)
