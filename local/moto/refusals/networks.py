"""Requests that EC2 refuses. Most concern resources in use: AWS services hold network interfaces in a VPC, which moto does not create."""

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

# Limit of user data in bytes, before base64 encoding.
MOST_USER_DATA = 16384


def databases(backend):
    return rds_backends[backend.account_id][backend.region_name].databases.values()


def proxies(backend):
    return rds_backends[backend.account_id][backend.region_name].db_proxies.values()


def functions(backend):
    every = lambda_backends[backend.account_id][backend.region_name].list_functions()
    return [function for function in every if function.vpc_config]


def endpoints(backend):
    return [endpoint for endpoint in backend.vpc_end_points.values() if endpoint.state != "deleted"]


def interfaces(backend):
    """Returns the network interfaces of running EC2 instances."""
    return [eni for eni in backend.enis.values() if eni.instance is not None and eni.instance.state != "terminated"]


def refuse_group(when):
    return refuses("ec2:DeleteSecurityGroup", when, SecurityGroupBackend, "delete_security_group")


def dependent(what, name):
    return f"resource {what} has a dependent object: {name}"


@refuse_group("a rule of another group names it")
def group_in_rule(self, name=None, group_id=None):
    for groups in self.groups.values():
        for group in groups.values():
            rules = [*group.ingress_rules, *group.egress_rules]
            if group.id != group_id and any(rule.source_group.get("GroupId") == group_id for rule in rules):
                return dependent(group_id, group.id)
    return None


@refuse_group("an EC2 instance uses it")
def group_of_instance(self, name=None, group_id=None):
    for eni in interfaces(self):
        if any(group.id == group_id for group in eni.group_set):
            return dependent(group_id, eni.id)
    return None


@refuse_group("a database uses it")
def group_of_database(self, name=None, group_id=None):
    for database in databases(self):
        if group_id in database.vpc_security_group_ids:
            return dependent(group_id, database.db_instance_identifier)
    return None


@refuse_group("a proxy uses it")
def group_of_proxy(self, name=None, group_id=None):
    for proxy in proxies(self):
        if group_id in proxy.vpc_security_group_ids:
            return dependent(group_id, proxy.db_proxy_name)
    return None


@refuse_group("a function uses it")
def group_of_function(self, name=None, group_id=None):
    for function in functions(self):
        if group_id in function.vpc_config.get("SecurityGroupIds", []):
            return dependent(group_id, function.function_name)
    return None


@refuse_group("an endpoint uses it")
def group_of_endpoint(self, name=None, group_id=None):
    for endpoint in endpoints(self):
        if group_id in endpoint.security_group_ids:
            return dependent(group_id, endpoint.id)
    return None


def refuse_subnet(when):
    return refuses("ec2:DeleteSubnet", when, SubnetBackend, "delete_subnet")


@refuse_subnet("a proxy is in it")
def subnet_of_proxy(self, subnet_id):
    for proxy in proxies(self):
        if subnet_id in proxy.vpc_subnet_ids:
            return dependent(subnet_id, proxy.db_proxy_name)
    return None


@refuse_subnet("a function is in it")
def subnet_of_function(self, subnet_id):
    for function in functions(self):
        if subnet_id in function.vpc_config.get("SubnetIds", []):
            return dependent(subnet_id, function.function_name)
    return None


@refuse_subnet("an endpoint is in it")
def subnet_of_endpoint(self, subnet_id):
    for endpoint in endpoints(self):
        if subnet_id in (endpoint.subnet_ids or []):
            return dependent(subnet_id, endpoint.id)
    return None


@refuse_subnet("an EC2 instance is in it")
def subnet_of_instance(self, subnet_id):
    for eni in interfaces(self):
        if eni.subnet.id == subnet_id:
            return dependent(subnet_id, eni.id)
    return None


@refuse_subnet("a database is in it")
def subnet_of_database(self, subnet_id):
    for database in databases(self):
        subnets = group._subnets if (group := subnet_group(database)) else []
        # An instance is in one subnet of its group: the subnet of its zone. moto does not choose one.
        home = [subnet for subnet in subnets if subnet.availability_zone == database.availability_zone] or subnets
        if home and home[0].id == subnet_id:
            return dependent(subnet_id, database.db_instance_identifier)
    return None


def refuse_detach(when):
    return refuses("ec2:DetachInternetGateway", when, InternetGatewayBackend, "detach_internet_gateway")


def mapped(vpc_id):
    return f"Network {vpc_id} has some mapped public address(es). Please unmap those public address(es) before detaching the gateway."


@refuse_detach("a host has a public address")
def host_is_public(self, _internet_gateway_id, vpc_id):
    public = any(eni.subnet.vpc_id == vpc_id and eni.public_ip for eni in interfaces(self))
    return mapped(vpc_id) if public else None


@refuse_detach("a database has a public address")
def database_is_public(self, _internet_gateway_id, vpc_id):
    for database in databases(self):
        group = subnet_group(database)
        if group is not None and group.vpc_id == vpc_id and str(database.publicly_accessible).lower() == "true":
            return mapped(vpc_id)
    return None


@refuses("ec2:DeleteVpc", "it has a security group", VPCBackend, "delete_vpc")
def vpc_with_group(self, vpc_id):
    own = [group for group in self.groups[vpc_id].values() if group.name != "default"]
    return f"The vpc '{vpc_id}' has dependencies and cannot be deleted." if own else None


@refuses("ec2:DeleteVpc", "it has an internet gateway", VPCBackend, "delete_vpc")
def vpc_with_gateway(self, vpc_id):
    attached = [gateway for gateway in self.internet_gateways.values() if gateway.vpc and gateway.vpc.id == vpc_id]
    return f"The vpc '{vpc_id}' has dependencies and cannot be deleted." if attached else None


@refuses("ec2:RunInstances", "the user data has more than 16 KB", InstanceBackend, "run_instances")
def long_user_data(_self, _image_id, _count, user_data=None, *_args, **_kwargs):
    if user_data is None or len(base64.b64decode(str(user_data))) <= MOST_USER_DATA:
        return None
    return f"User data is limited to {MOST_USER_DATA} bytes"
