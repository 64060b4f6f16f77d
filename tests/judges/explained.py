"""Failures that schemathesis reports though the mock server is right. docs/judges.md explains each."""

import json

import schemathesis

# MX documents these refusals for the whole API, in prose; the specs list them at no operation.
REFUSALS = {400, 401, 406}

# Parameters that the specs type as strings, and the overlays by what their description says.
NARROWED = {"enable_app2app", "referral_source", "skip_aggregation"}


# "The parameter definition SHALL be ignored", says OpenAPI 3.0 of header parameters of these names.
IGNORED = {"accept", "authorization", "content-type"}


def is_narrowed(parameter):
    """Whether the mock server knows better than the document what the parameter takes."""
    return parameter.name in NARROWED and parameter.definition["schema"] == {"type": "string"}


def violations(response):
    """What the mock server names as the reasons of a refusal."""
    return json.loads(response.content)["error"]["violations"]


def breaks_only_headers(case):
    """Whether there is nothing wrong with a case outside its headers."""
    broken = {place.name for place, part in case.meta.components.items() if part.mode.is_negative}
    return broken == {"HEADER"}


@schemathesis.hook
def filter_failure(context, failure, case, response):
    """Keeps what is not explained."""
    declared = {known.name.lower() for known in case.operation.headers}
    ignored = declared & IGNORED
    match type(failure).__name__:
        case "UndefinedStatusCode":
            return response.status_code not in REFUSALS
        case "RejectedPositiveData" if response.status_code in {400, 406}:
            narrowed = [f"query parameter `{known.name}`" for known in case.operation.query if is_narrowed(known)]
            reasons = tuple(narrowed + [f"header `{name}` does not take" for name in ignored])
            return not all(text.startswith(reasons) for text in violations(response))
        case "MissingHeaderNotRejected":
            return failure.header_name.lower() not in ignored
        case "AcceptedNegativeData":
            return not (declared <= IGNORED and breaks_only_headers(case))
    return True
