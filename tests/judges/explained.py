"""Findings of schemathesis that are no faults of the mock server. docs/judges.md tells of each."""

import json

import schemathesis

# MX documents these refusals for the whole API, in prose; the specs list them at no operation.
REFUSALS = {400, 401, 406}

# Parameters that the specs type as plain texts, and the overlays as what their description says.
NARROWED = {"enable_app2app", "referral_source", "skip_aggregation"}


def is_narrowed(parameter):
    """Whether the mock server knows better than the document what the parameter takes."""
    return parameter.name in NARROWED and parameter.definition["schema"] == {"type": "string"}


def violations(response):
    """What the mock server names as the reasons of a refusal."""
    return json.loads(response.content)["error"]["violations"]


@schemathesis.hook
def filter_failure(context, failure, case, response):
    """Keeps what is not explained."""
    kind = type(failure).__name__
    if kind == "UndefinedStatusCode":
        return response.status_code not in REFUSALS
    if kind == "RejectedPositiveData" and response.status_code == 400:
        narrowed = [f"query parameter `{known.name}`" for known in case.operation.query if is_narrowed(known)]
        return not all(text.startswith(tuple(narrowed)) for text in violations(response))
    return True
