"""Requests that EC2 refuses, mostly because a resource is in use. In AWS, services use subnets and security groups through
network interfaces. moto lacks most of these interfaces, so the functions here look for the services themselves."""

import base64

from moto.awslambda.models import lambda_backends
from moto.ec2.models.instances import InstanceBackend
from moto.ec2.models.internet_gateways import InternetGatewayBackend
from moto.ec2.models.security_groups import SecurityGroupBackend
from moto.ec2.models.subnets import SubnetBackend
from moto.ec2.models.vpcs import VPCBackend
from moto.rds.models import rds_backends

from .databases import subnet_group
from .refuse import refuses

# Limit of user data before base64 encoding.
MOST_USER_DATA_BYTES = 16_384


def databases(backend):
    return rds_backends[backend.account_id][backend.region_name].databases.values()


def interfaces(backend):
    """Returns the network interfaces of EC2 instances, except terminated ones."""
    return [eni for eni in backend.enis.values() if eni.instance is not None and eni.instance.state != "terminated"]


def dependency_error(resource_id, user):
    return f"resource {resource_id} has a dependent object: {user}"


def deleted_group(backend, name, group_id):
    """Returns the id of the security group that a request deletes by its id or its name; empty if there is no such group."""
    group = backend.get_security_group_by_name_or_id(group_id or name)
    return group.id if group else ""


@refuses("ec2:DeleteSecurityGroup", "a rule of another group names it", SecurityGroupBackend, "delete_security_group")
def group_in_rule(self, name=None, group_id=None):
    deleted = deleted_group(self, name, group_id)
    for groups in self.groups.values():
        for group in groups.values():
            rules = [*group.ingress_rules, *group.egress_rules]
            if group.id != deleted and any(rule.source_group.get("GroupId") == deleted for rule in rules):
                return dependency_error(deleted, group.id)
    return None


# Each of the next functions yields, for every resource of one kind: its name or id, its security groups, and its subnets.


def hosts(backend):
    for eni in interfaces(backend):
        yield eni.id, [group.id for group in eni.group_set], [eni.subnet.id]


def placed_databases(backend):
    for database in databases(backend):
        subnets = group._subnets if (group := subnet_group(database)) else []
        # AWS places a DB instance in a subnet of its zone, chosen from its subnet group. moto places it in no subnet.
        home = [subnet for subnet in subnets if subnet.availability_zone == database.availability_zone] or subnets
        yield database.db_instance_identifier, database.vpc_security_group_ids, [subnet.id for subnet in home[:1]]


def proxies(backend):
    for proxy in rds_backends[backend.account_id][backend.region_name].db_proxies.values():
        yield proxy.db_proxy_name, proxy.vpc_security_group_ids, proxy.vpc_subnet_ids


def functions(backend):
    for function in lambda_backends[backend.account_id][backend.region_name].list_functions():
        config = function.vpc_config or {}
        yield function.function_name, config.get("SecurityGroupIds", []), config.get("SubnetIds", [])


def endpoints(backend):
    for endpoint in backend.vpc_end_points.values():
        if endpoint.state != "deleted":
            yield endpoint.id, endpoint.security_group_ids, endpoint.subnet_ids or []


def refuse_while_used(kind, users_of):
    @refuses("ec2:DeleteSecurityGroup", f"{kind} uses it", SecurityGroupBackend, "delete_security_group")
    def group_in_use(self, name=None, group_id=None):
        deleted = deleted_group(self, name, group_id)
        users = [user for user, groups, _subnets in users_of(self) if deleted in groups]
        return dependency_error(deleted, users[0]) if users else None

    @refuses("ec2:DeleteSubnet", f"{kind} is in it", SubnetBackend, "delete_subnet")
    def subnet_in_use(self, subnet_id):
        users = [user for user, _groups, subnets in users_of(self) if subnet_id in subnets]
        return dependency_error(subnet_id, users[0]) if users else None


refuse_while_used("an EC2 instance", hosts)
refuse_while_used("a database", placed_databases)
refuse_while_used("a proxy", proxies)
refuse_while_used("a function", functions)
refuse_while_used("an endpoint", endpoints)


def refuse_detach(when):
    return refuses("ec2:DetachInternetGateway", when, InternetGatewayBackend, "detach_internet_gateway")


def mapped_address_error(vpc_id):
    return f"Network {vpc_id} has some mapped public address(es). Please unmap those public address(es) before detaching the gateway."


@refuse_detach("a host has a public address")
def host_is_public(self, _internet_gateway_id, vpc_id):
    public = any(eni.subnet.vpc_id == vpc_id and eni.public_ip for eni in interfaces(self))
    return mapped_address_error(vpc_id) if public else None


@refuse_detach("a database has a public address")
def database_is_public(self, _internet_gateway_id, vpc_id):
    for database in databases(self):
        group = subnet_group(database)
        if group is not None and group.vpc_id == vpc_id and str(database.publicly_accessible).lower() == "true":
            return mapped_address_error(vpc_id)
    return None


@refuses("ec2:DeleteVpc", "the VPC has a security group other than the default one", VPCBackend, "delete_vpc")
def vpc_with_group(self, vpc_id):
    own = [group for group in self.groups[vpc_id].values() if group.name != "default"]
    return f"The vpc '{vpc_id}' has dependencies and cannot be deleted." if own else None


@refuses("ec2:DeleteVpc", "the VPC has an internet gateway", VPCBackend, "delete_vpc")
def vpc_with_gateway(self, vpc_id):
    attached = [gateway for gateway in self.internet_gateways.values() if gateway.vpc and gateway.vpc.id == vpc_id]
    return f"The vpc '{vpc_id}' has dependencies and cannot be deleted." if attached else None


@refuses("ec2:RunInstances", "the user data has more than 16 KB", InstanceBackend, "run_instances")
def long_user_data(_self, _image_id, _count, user_data=None, *_args, **_kwargs):
    if user_data is None or len(base64.b64decode(str(user_data))) <= MOST_USER_DATA_BYTES:
        return None
    return f"User data is limited to {MOST_USER_DATA_BYTES} bytes"
