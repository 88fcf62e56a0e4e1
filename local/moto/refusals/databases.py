"""Requests that RDS refuses."""

import time

from moto.rds.models import DBInstance, RDSBackend, rds_backends

from .refuse import refuses

# RDS allows an account this number of proxies in each region.
MOST_PROXIES = 20

# Smallest gp3 storage, in GiB, that RDS for MySQL stripes over four volumes, and its lowest IOPS.
STRIPED_GIB = 400
STRIPED_IOPS = 12_000

# After a change RDS optimizes the storage for at least six hours. moto does so for exactly six.
OPTIMIZATION_SECONDS = 6 * 60 * 60


def optimizes_storage(instance):
    return time.time() - instance.storage_changed_at < OPTIMIZATION_SECONDS


def subnet_group(instance):
    """Returns the subnet group of an instance, or None. moto omits the attribute of an instance without a group."""
    return getattr(instance, "db_subnet_group", None)


def other_vpc_error(vpc_id, subnets):
    """Returns the error for a subnet outside the VPC, or None."""
    for subnet in subnets:
        if subnet.vpc_id != vpc_id:
            return f"The requested subnet {subnet.id} is invalid, or multiple subnets were requested that are not all in a common VPC."
    return None


@refuses("rds:CreateDBSubnetGroup", "the name exists", RDSBackend, "create_subnet_group")
def subnet_group_exists(self, subnet_name, *_args, **_kwargs):
    return f"The DB subnet group '{subnet_name}' already exists." if subnet_name in self.subnet_groups else None


@refuses("rds:CreateDBSubnetGroup", "the subnets are in two VPCs", RDSBackend, "create_subnet_group")
def subnets_of_two_vpcs(_self, _subnet_name, _description, subnets, *_args, **_kwargs):
    return other_vpc_error(subnets[0].vpc_id, subnets)


@refuses("rds:ModifyDBSubnetGroup", "the subnets are in another VPC", RDSBackend, "modify_db_subnet_group")
def subnet_group_moves(self, subnet_name, _description, subnets):
    return other_vpc_error(self.describe_db_subnet_groups(subnet_name)[0].vpc_id, subnets)


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
    """Returns whether the account ever had an instance: the first instance creates the role. moto keeps events of deleted instances."""
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


@refuses("rds:RegisterDBProxyTargets", "RDS optimizes the storage of the instance", RDSBackend, "register_db_proxy_targets")
def optimizing_target(self, *, db_instance_identifiers, **_others):
    for name in db_instance_identifiers:
        if optimizes_storage(self.describe_db_instances(name)[0]):
            allowed = "[AVAILABLE, MODIFYING, BACKING_UP, CREATING]"
            return f"DB Instance {name} is in an unsupported state - STORAGE_OPTIMIZATION, needs to be in {allowed}"
    return None


@refuses("rds:ModifyDBInstance", "the new storage is smaller", RDSBackend, "modify_db_instance")
def less_storage(self, identifier, changes):
    current = self.describe_db_instances(identifier)[0].allocated_storage
    requested = changes.get("allocated_storage") or current
    if int(requested) < int(current):
        return f"Requested storage size ({requested}) cannot be less than the current storage size ({current})."
    return None


def growth(instance, changes):
    """Returns by how many GiB a request enlarges the storage. Ignores apply_immediately."""
    current = int(instance.allocated_storage)
    return int(changes.get("allocated_storage") or current) - current


@refuses("rds:ModifyDBInstance", "the storage grows by less than a tenth", RDSBackend, "modify_db_instance")
def small_step(self, identifier, changes):
    """AWS documents two outcomes of a small step: an error, or a larger size than requested.

    moto answers with the error: then a user learns of the rule before AWS applies a size that nobody configured.
    """
    instance = self.describe_db_instances(identifier)[0]
    if 0 < growth(instance, changes) < int(instance.allocated_storage) / 10:
        return "The allocated storage must be increased by at least 10 percent."
    return None


@refuses("rds:ModifyDBInstance", "the storage changed less than six hours ago", RDSBackend, "modify_db_instance")
def storage_just_changed(self, identifier, changes):
    instance = self.describe_db_instances(identifier)[0]
    if not optimizes_storage(instance) or not growth(instance, changes) or not changes.get("apply_immediately"):
        return None
    return (
        "You can't currently modify the storage of this DB instance because the previous storage change is being optimized."
    )


def performance_error(engine, storage):
    """Returns the error for IOPS or a throughput that RDS does not accept for the size of gp3 storage, or None."""
    iops, size = storage.get("iops"), int(storage.get("allocated_storage") or 0)
    if storage.get("storage_type") != "gp3":
        return None
    if size < STRIPED_GIB and (iops or storage.get("storage_throughput")):
        return f"You can't specify IOPS or storage throughput for engine {engine} and a storage size less than {STRIPED_GIB}."
    if size >= STRIPED_GIB and iops and int(iops) < STRIPED_IOPS:
        return f"Invalid iops value for engine name {engine} and storage type gp3: {iops}"
    return None


@refuses("rds:CreateDBInstance", "the IOPS do not fit the size of gp3 storage", RDSBackend, "create_db_instance")
def created_with_wrong_performance(_self, instance):
    return performance_error(instance["engine"], instance)


@refuses("rds:ModifyDBInstance", "the IOPS do not fit the size of gp3 storage", RDSBackend, "modify_db_instance")
def modified_to_wrong_performance(self, identifier, changes):
    instance = self.describe_db_instances(identifier)[0]
    storage = {"storage_type": instance.storage_type, "allocated_storage": instance.allocated_storage}
    return performance_error(instance.engine, {**storage, **{name: value for name, value in changes.items() if value}})


@refuses("rds:ModifyDBInstance", "the version is older", RDSBackend, "modify_db_instance")
def older_version(self, identifier, changes):
    current = self.describe_db_instances(identifier)[0].engine_version
    requested = changes.get("engine_version") or current
    # The first part that differs decides. A request for 8.4 means the default release of 8.4, so the comparison ends after 8.4.
    pairs = zip(requested.split("."), current.split("."))
    older = next((int(new) < int(old) for new, old in pairs if new != old), False)
    return f"Cannot upgrade mysql from {current} to {requested}" if older else None
