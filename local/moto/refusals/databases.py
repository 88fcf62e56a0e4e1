"""Requests that RDS refuses."""

from moto.rds.models import DBInstance, RDSBackend, rds_backends

from .refuse import refuses

# Quota of an account in a region.
MOST_PROXIES = 20


def subnet_group(instance):
    """Returns None for an instance without one, which lacks the attribute."""
    return getattr(instance, "db_subnet_group", None)


def other_vpc(vpc_id, subnets):
    for subnet in subnets:
        if subnet.vpc_id != vpc_id:
            return f"The requested subnet {subnet.id} is invalid, or multiple subnets were requested that are not all in a common VPC."
    return None


@refuses("rds:CreateDBSubnetGroup", "the name exists", RDSBackend, "create_subnet_group")
def subnet_group_exists(self, subnet_name, *_args, **_kwargs):
    return f"The DB subnet group '{subnet_name}' already exists." if subnet_name in self.subnet_groups else None


@refuses("rds:CreateDBSubnetGroup", "the subnets are in two VPCs", RDSBackend, "create_subnet_group")
def subnets_of_two_vpcs(_self, _subnet_name, _description, subnets, *_args, **_kwargs):
    return other_vpc(subnets[0].vpc_id, subnets)


@refuses("rds:ModifyDBSubnetGroup", "the subnets are in another VPC", RDSBackend, "modify_db_subnet_group")
def subnet_group_moves(self, subnet_name, _description, subnets):
    return other_vpc(self.describe_db_subnet_groups(subnet_name)[0].vpc_id, subnets)


@refuses("rds:DeleteDBSubnetGroup", "an instance uses it", RDSBackend, "delete_subnet_group")
def subnet_group_in_use(self, subnet_name):
    for instance in self.databases.values():
        group = subnet_group(instance)
        if group is not None and group.name == subnet_name:
            return f"Cannot delete the subnet group '{subnet_name}': {instance.db_instance_identifier} uses it."
    return None


@refuses("rds:DeleteDBParameterGroup", "an instance uses it", RDSBackend, "delete_db_parameter_group")
def parameter_group_in_use(self, name):
    for instance in self.databases.values():
        if instance.db_parameter_group_name == name:
            return f"One or more database instances are still members of this parameter group {name}."
    return None


def has_service_linked_role(account_id):
    """Whether RDS was used in the account: the first instance creates the role. moto keeps the events of deleted instances."""
    events = (event for backend in rds_backends[account_id].values() for event in backend.events)
    return any(event.source_type == DBInstance.event_source_type for event in events)


@refuses("rds:CreateDBProxy", "the account never had an instance", RDSBackend, "create_db_proxy")
def proxy_without_role(self, *_args, **_kwargs):
    if has_service_linked_role(self.account_id):
        return None
    role = f"arn:aws:iam::{self.account_id}:role/aws-service-role/rds.amazonaws.com/AWSServiceRoleForRDS"
    cause = "(Service: AWSSecurityTokenService; Status Code: 403; Error Code: AccessDenied)"
    return f"RDS is not authorized to assume service-linked role {role} {cause}. Check your RDS service-linked role and try again."


@refuses("rds:CreateDBProxy", "the account has 20 proxies", RDSBackend, "create_db_proxy")
def many_proxies(self, db_proxy_name, *_args, **_kwargs):
    if db_proxy_name in self.db_proxies or len(self.db_proxies) < MOST_PROXIES:
        return None
    return "Your AWS account already has the maximum number of proxies in the specified AWS Region."


@refuses("rds:ModifyDBInstance", "the storage is less", RDSBackend, "modify_db_instance")
def less_storage(self, identifier, changes):
    present = self.describe_db_instances(identifier)[0].allocated_storage
    requested = changes.get("allocated_storage") or present
    if int(requested) < int(present):
        return f"Requested storage size ({requested}) cannot be less than the current storage size ({present})."
    return None


@refuses("rds:ModifyDBInstance", "the version is older", RDSBackend, "modify_db_instance")
def older_version(self, identifier, changes):
    present = self.describe_db_instances(identifier)[0].engine_version
    requested = changes.get("engine_version") or present
    # 8.4 means its newest release, so this compares only the parts that both versions have.
    pairs = zip(requested.split("."), present.split("."))
    older = next((int(new) < int(old) for new, old in pairs if new != old), False)
    return f"Cannot upgrade mysql from {present} to {requested}" if older else None
