"""Refuses requests as AWS does. A row of table.json names an action, the condition under which AWS refuses it, and AWS's error code. The
rows are grouped by the AWS page that documents them. table.json has two parts: moto itself refuses the requests of the first part, and the
modules in this folder refuse those of the second."""

import json
import time
from functools import wraps
from pathlib import Path

from flask import has_request_context, request
from moto.acm.exceptions import AWSError
from moto.apigateway.exceptions import ApiGatewayException
from moto.awslambda.exceptions import LambdaClientError
from moto.cloudfront.exceptions import CloudFrontException
from moto.ec2.exceptions import EC2ClientError
from moto.iam.exceptions import IAMException
from moto.rds.exceptions import RDSClientError
from moto.route53.exceptions import Route53ClientError
from moto.secretsmanager.exceptions import SecretsManagerClientError
from moto.wafv2.exceptions import WAFv2ClientError

ERRORS = {
    "acm": lambda code, text: AWSError(text, code),
    "apigateway": ApiGatewayException,
    "cloudfront": CloudFrontException,
    "ec2": EC2ClientError,
    "iam": IAMException,
    "lambda": LambdaClientError,
    "rds": RDSClientError,
    "route53": Route53ClientError,
    "secretsmanager": SecretsManagerClientError,
    "wafv2": WAFv2ClientError,
}

# HTTP statuses of the error codes for which the classes above set a wrong status.
STATUSES = {"ConflictException": 409, "ResourceConflictException": 409}

# Header of a replayed request, with the time at which it was accepted: see journal.ts.
ACCEPTED_AT = "X-Accepted-At"

TABLE = json.loads(Path(__file__).with_name("table.json").read_text(encoding="utf-8"))
CODES = {row: code for page in TABLE["refused by the Python modules in this folder"].values() for row, code in page.items()}
rows_with_check = set()


def was_accepted():
    """Returns whether this is a replayed request. moto accepted it before, so no row refuses it, not even a row added since."""
    return has_request_context() and ACCEPTED_AT in request.headers


def request_time():
    """Returns the time of the request, in seconds since the epoch; in a replay, the time of the original request."""
    return float(request.headers[ACCEPTED_AT]) if was_accepted() else time.time()


def refuses(action, when, owner, method):
    """Makes a method of moto refuse requests as the row "action, when" of the table says. The decorated function returns the error's text,
    or None to accept the request."""
    row = f"{action}, {when}"
    code = CODES[row]
    error_of = ERRORS[action.split(":")[0]]
    rows_with_check.add(row)

    def decorate(check):
        original = getattr(owner, method)

        @wraps(original)
        def refusing(self, *args, **kwargs):
            text = None if was_accepted() else check(self, *args, **kwargs)
            if text is None:
                return original(self, *args, **kwargs)
            error = error_of(code, text)
            if code in STATUSES:
                error.code = STATUSES[code]
            raise error

        setattr(owner, method, refusing)
        return check

    return decorate


def demand_check_of_every_row():
    """Raises an error, so that moto does not start, if a row for the modules in this folder has no check."""
    missing = CODES.keys() - rows_with_check
    if missing:
        raise NotImplementedError(f"Rows of table.json without a check: {sorted(missing)}")
