"""moto's server, patched to answer as AWS does.

Terraform compares what it reads with what it wrote, so an attribute that moto drops shows up as a change in every
plan. Most functions below patch one such attribute. `refusals` adds errors that AWS returns and moto does not; without
them a wrong configuration would fail only in the first deployment to AWS. No patch draws random numbers: journal.ts
restores moto's state by repeating earlier requests, and this relies on the order of moto's own draws.
"""

import json
import sys
import time
import uuid
from functools import wraps
from html import escape
from ipaddress import ip_interface
from urllib.parse import unquote, urlparse

from moto.moto_api._internal import mock_random
from moto.moto_api._internal.moto_random import MotoRandom

# moto uses Python's own random numbers for the name of a master user's secret. This line makes it use the seeded
# generator.
uuid.uuid4 = mock_random.uuid4

from flask import Response, request  # noqa: E402
from moto import backends, server  # noqa: E402
from moto.apigateway.models import UsagePlan, apigateway_backends  # noqa: E402
from moto.apigateway.urls import url_paths as api_gateway_paths  # noqa: E402
from moto.cloudfront import models as cloudfront  # noqa: E402
from moto.core import DEFAULT_ACCOUNT_ID  # noqa: E402
from moto.core.responses import ActionResult  # noqa: E402
from moto.ec2.models.elastic_network_interfaces import NetworkInterface  # noqa: E402
from moto.ec2.models.instances import Instance  # noqa: E402
from moto.ec2.models.security_groups import SecurityGroupBackend, SecurityGroupRule  # noqa: E402
from moto.moto_server.werkzeug_app import DomainDispatcherApplication  # noqa: E402
from moto.rds import models as rds  # noqa: E402
from moto.rds.exceptions import RDSClientError  # noqa: E402
from moto.rds.responses import RDSResponse  # noqa: E402
from moto.route53 import models as route53  # noqa: E402
from moto.wafv2.models import FakeIPSet  # noqa: E402


def around(owner, name):
    """Wraps a method. The wrapper gets the original method as its first argument."""

    def replace(function):
        original = getattr(owner, name)

        @wraps(original)
        def replaced(self, *args, **kwargs):
            return function(original, self, *args, **kwargs)

        setattr(owner, name, replaced)
        return function

    return replace


def cache_module_list():
    """Caches the list of moto's modules. moto itself searches for them in every request. A start that repeats the requests
    of the journal would spend a tenth of its time on these searches."""
    modules = list(backends.list_of_moto_modules())
    backends.list_of_moto_modules = lambda: modules


def answer_400_for_missing_actions(create_app):
    """Answers 400 with the name of an action that moto lacks. Clients retry moto's own 500 for minutes."""

    def refusal(error):
        if request.headers.get("Content-Type", "").startswith("application/x-amz-json"):
            body = json.dumps({"__type": "NotImplemented", "message": str(error)})
        else:
            text = escape(str(error))
            body = f"<ErrorResponse><Error><Code>NotImplemented</Code><Message>{text}</Message></Error></ErrorResponse>"
        return Response(body, 400, {"x-amzn-errortype": "NotImplemented"})

    def create(service):
        app = create_app(service)
        app.register_error_handler(NotImplementedError, refusal)
        return app

    return create


# Journal


def after_request_id(state):
    """Returns the state of the random generator after an answer whose only random value is its request id."""
    generator = MotoRandom()
    generator.setstate(state)
    generator.get_random_string(length=52)
    return generator.getstate()


@around(DomainDispatcherApplication, "__call__")
def reset_generator_after_read(original, self, environ, start_response):
    """Resets the random generator after a request that only reads, and marks the answer with x-unchanged, so that
    the journal omits the request. Does nothing if the request draws random values for more than its id. An example is the first request to
    a service, which creates the service's data."""
    if "HTTP_X_READS" not in environ:
        return original(self, environ, start_response)
    before = mock_random.getstate()

    def start(status, headers, *more):
        if mock_random.getstate() in (before, after_request_id(before)):
            mock_random.setstate(before)
            headers = [*headers, ("x-unchanged", "true")]
        return start_response(status, headers, *more)

    return original(self, environ, start)


# API Gateway


def tag_api_gateway(request, full_url, headers):
    """Adds or removes tags of a resource: https://docs.aws.amazon.com/apigateway/latest/api/API_TagResource.html"""
    arn = unquote(urlparse(full_url).path).split("/tags/", 1)[1]
    kind, name, *stage = arn.split("::/", 1)[1].replace("/stages/", "/").split("/")
    backend = apigateway_backends[DEFAULT_ACCOUNT_ID][arn.split(":")[3]]
    resource = {"apikeys": backend.keys, "restapis": backend.apis, "usageplans": backend.usage_plans}[kind][name]
    if stage:
        resource = resource.stages[stage[0]]
    if request.method == "PUT":
        resource.tags = {**(resource.tags or {}), **json.loads(request.data)["tags"]}
    else:
        removed = request.args.getlist("tagKeys")
        resource.tags = {key: value for key, value in (resource.tags or {}).items() if key not in removed}
    return 204, {}, ""


api_gateway_paths["{0}/tags/(?P<resource_arn>arn:.+)$"] = tag_api_gateway

# Settings of a usage plan that are numbers; in this deployment all of them are whole.
NUMBERS = ("/quota/limit", "/quota/offset", "/throttle/burstLimit", "/throttle/rateLimit")


@around(UsagePlan, "apply_patch_operations")
def keep_numbers(original, self, operations):
    """Stores the numbers of a usage plan as numbers. A patch operation contains them as text."""
    for operation in operations:
        if operation["path"] in NUMBERS:
            operation["value"] = int(operation["value"])
    original(self, operations)


# EC2


def keep_descriptions(original, self, *args, **kwargs):
    """Keeps the description of rules that name a group or a prefix list."""
    parts = [
        dict(part)
        for kind in ("ip_ranges", "source_groups", "prefix_list_ids")
        for part in kwargs.get(kind) or []
    ]
    rules, group = original(self, *args, **kwargs)
    for rule, part in zip(rules, parts):
        rule.stated_description = part.get("Description")
    return rules, group


around(SecurityGroupBackend, "authorize_security_group_ingress")(keep_descriptions)
around(SecurityGroupBackend, "authorize_security_group_egress")(keep_descriptions)
SecurityGroupRule.stated_description = None
SecurityGroupRule.description = property(lambda self: self.stated_description or self.ip_range.get("Description"))


@around(Instance, "__init__")
def copy_groups_of_interface(original, self, *args, **kwargs):
    """Gives an instance the security groups of its primary network interface."""
    original(self, *args, **kwargs)
    if not self.security_groups and 0 in self.nics:
        self.security_groups = list(self.nics[0].group_set)


# A stopped instance has no public address. moto describes an empty association, which the provider takes for an address.
association_of = NetworkInterface.association.fget
NetworkInterface.association = property(lambda self: association_of(self) or None)


# RDS


@around(rds.RDSBackend, "modify_db_parameter_group")
def mark_user_parameters(original, self, name, parameters):
    """Marks modified parameters with Source=user, because the provider reads only those."""
    for parameter in parameters:
        parameter["Source"] = "user"
    return original(self, name, parameters)


@around(rds.RDSBackend, "modify_db_subnet_group")
def keep_subnet_group(original, self, subnet_name, description, subnets):
    """Changes the group in place. moto itself would remove it from the list of groups."""
    group = self.describe_db_subnet_groups(subnet_name)[0]
    group._subnets = subnets
    group.description = description or group.description
    return group


# Changes that wait for the maintenance window if their request has no ApplyImmediately. moto opens no window, so they wait for
# a request with ApplyImmediately. Key: name in moto. Value: name in PendingModifiedValues.
# https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_ModifyInstance.Settings.html
WAITING = {
    "allocated_storage": "AllocatedStorage",
    "backup_retention_period": "BackupRetentionPeriod",
    "ca_certificate_identifier": "CACertificateIdentifier",
    "db_instance_class": "DBInstanceClass",
    "enable_iam_database_authentication": "IAMDatabaseAuthenticationEnabled",
    "engine_version": "EngineVersion",
    "iops": "Iops",
    "multi_az": "MultiAZ",
    "storage_throughput": "StorageThroughput",
    "storage_type": "StorageType",
}

rds.DBInstance.waiting = {}
rds.DBInstance.pending_modified_values = property(
    lambda self: {WAITING[name]: value for name, value in self.waiting.items()} or None
)


def may_wait(instance, name, value):
    """Returns whether a change without ApplyImmediately waits. A new backup retention waits only if it turns backups on or off."""
    return name != "backup_retention_period" or not (value and instance.backup_retention_period)


def set_baseline(instance):
    """Sets the fixed IOPS and throughput (MiB/s) that RDS gives gp3 storage below 400 GiB."""
    if instance.storage_type == "gp3" and int(instance.allocated_storage) < databases.STRIPED_GIB:
        instance.iops, instance.storage_throughput = 3000, 125


@around(rds.RDSBackend, "create_db_instance")
def create_with_baseline(original, self, *args, **kwargs):
    instance = original(self, *args, **kwargs)
    set_baseline(instance)
    return instance


# Time of the last change of the storage's size, in seconds since the epoch.
rds.DBInstance.storage_changed_at = 0


def status(instance):
    """Returns storage-optimization while RDS optimizes the storage. Meanwhile no proxy can register the instance."""
    optimizes = instance.own_status == "available" and databases.optimizes_storage(instance)
    return "storage-optimization" if optimizes else instance.own_status


rds.DBInstance.status = property(status, lambda instance, value: setattr(instance, "own_status", value))


@around(rds.RDSBackend, "modify_db_instance")
def wait_for_window(original, self, identifier, changes):
    """Keeps changes pending if they wait for the maintenance window. With ApplyImmediately, applies all requested and pending changes."""
    instance = self.describe_db_instances(identifier)[0]
    requested = {name: changes.pop(name) for name in WAITING if changes.get(name) is not None}
    pending = {**instance.waiting, **requested}
    at_once = bool(changes.get("apply_immediately"))
    applied = {name: value for name, value in pending.items() if at_once or not may_wait(instance, name, value)}
    changes.update(applied)
    storage_before = instance.allocated_storage
    modified = original(self, identifier, changes)
    if modified.allocated_storage != storage_before:
        modified.storage_changed_at = refuse.request_time()
    set_baseline(modified)
    modified.waiting = {
        name: value
        for name, value in pending.items()
        if name not in applied and value != getattr(modified, name)
    }
    return modified


@around(rds.RDSBackend, "register_db_proxy_targets")
def set_target_address(original, self, *args, **kwargs):
    """Gives a target the address and port of its instance."""
    targets = original(self, *args, **kwargs)
    for target in targets:
        instance = self.databases.get(target.rds_resource_id)
        if instance is not None:
            target.endpoint, target.port = instance.address, instance.port
    return targets


rds.DBProxy.default_auth_scheme = "NONE"


def refuse_proxy_without_login(auth, scheme):
    """Refuses a proxy that has neither a secret nor IAM_AUTH to log in to the database:
    https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_CreateDBProxy.html"""
    if not auth and scheme != "IAM_AUTH":
        text = "Auth must be specified if DefaultAuthScheme is not IAM_AUTH."
        raise RDSClientError("InvalidParameterValue", text)


@around(RDSResponse, "create_db_proxy")
def keep_scheme(original, self):
    """Stores the default authentication scheme. With IAM_AUTH, Auth is optional."""
    self.params["Auth"] = self.params.get("Auth") or []
    scheme = self.params.get("DefaultAuthScheme", "NONE")
    refuse_proxy_without_login(self.params["Auth"], scheme)
    created = original(self)
    self.backend.describe_db_proxies(self.params["DBProxyName"])[0].default_auth_scheme = scheme
    return created


def modify_db_proxy(self):
    """Changes a proxy in place: https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_ModifyDBProxy.html"""
    proxy = self.backend.describe_db_proxies(self.params["DBProxyName"])[0]
    scheme = self.params.get("DefaultAuthScheme", proxy.default_auth_scheme)
    refuse_proxy_without_login(self.params.get("Auth", proxy.auth), scheme)
    attributes = {
        "DefaultAuthScheme": "default_auth_scheme",
        "Auth": "auth",
        "RequireTLS": "require_tls",
        "IdleClientTimeout": "idle_client_timeout",
        "DebugLogging": "debug_logging",
        "RoleArn": "role_arn",
        "SecurityGroups": "vpc_security_group_ids",
    }
    for parameter, attribute in attributes.items():
        if parameter in self.params:
            setattr(proxy, attribute, self.params[parameter])
    return ActionResult({"DBProxy": proxy})


RDSResponse.modify_db_proxy = modify_db_proxy


# CloudFront


@around(cloudfront.DefaultCacheBehaviour, "__init__")
def omit_forwarded_values(original, self, config):
    """Omits ForwardedValues from a behavior with a cache policy."""
    original(self, config)
    if self.cache_policy_id:
        del self.forwarded_values


@around(cloudfront.ViewerCertificate, "__init__")
def keep_one_certificate(original, self, config):
    """Keeps only one certificate: the custom one, or else CloudFront's default."""
    original(self, config)
    self.cloud_front_default_certificate = not self.acm_certificate_arn
    for name in ("acm_certificate_arn", "iam_certificate_id"):
        if not getattr(self, name):
            delattr(self, name)


@around(cloudfront.Distribution, "__init__")
def omit_region_in_arn(original, self, account_id, region_name, config):
    """Leaves the region of the ARN empty, because CloudFront is global."""
    original(self, account_id, region_name, config)
    self.arn = self.arn.replace(f":{account_id}:", f"::{account_id}:")


# Route 53


def begin_with_z(create_id):
    """Makes ids of hosted zones begin with Z: https://docs.aws.amazon.com/Route53/latest/APIReference/API_HostedZone.html"""
    return lambda *args, **kwargs: "Z" + create_id(*args, **kwargs)[1:]


route53.create_route53_zone_id = begin_with_z(route53.create_route53_zone_id)


# WAF


@around(FakeIPSet, "to_dict")
def expand_ipv6(original, self):
    """Returns IPv6 blocks without abbreviation, as in 2001:0db8:0000:0000:0000:0000:0000:0000/32."""
    values = original(self)
    if self.ip_address_version == "IPV6":
        values["Addresses"] = [ip_interface(block).exploded for block in self.addresses]
    return values


# The refusals come last, because they wrap the patched methods.

sys.dont_write_bytecode = True
from refusals import databases, functions, networks, refuse, services  # noqa: E402, F401

refuse.demand_check_of_every_row()
cache_module_list()
server.create_backend_app = answer_400_for_missing_actions(server.create_backend_app)
server.main()
