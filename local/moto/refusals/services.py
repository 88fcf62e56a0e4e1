"""Requests that AWS refuses, for the services without a module of their own in this folder. Each function
decorated with `@refuses` returns the error's text, or None to accept the request."""

import json

from moto.acm.models import AWSCertificateManagerBackend
from moto.apigateway.models import APIGatewayBackend, RestAPI
from moto.cloudfront.models import CloudFrontBackend, cloudfront_backends
from moto.iam.models import IAMBackend
from moto.route53.models import Route53Backend
from moto.secretsmanager.models import SecretsManagerBackend
from moto.wafv2.models import WAFV2Backend

from .refuse import refuses

# Limit for all inline policies of a role together, without white space.
MOST_POLICY_CHARACTERS = 10_240
# Limit for the CIDR blocks of one IP set.
MOST_ADDRESSES = 10_000


def distributions(backend):
    """Returns the account's distributions, whatever the region of the backend: CloudFront is global."""
    return cloudfront_backends[backend.account_id]["aws"].distributions.values()


# Secrets Manager


@refuses("secretsmanager:CreateSecret", "a deleted secret still has the name", SecretsManagerBackend, "create_secret")
def secret_in_recovery(self, name, *_args, **_kwargs):
    secret = self.secrets.get(name)
    if secret is None or not secret.is_deleted():
        return None
    return "You can't create this secret because a secret with this name is already scheduled for deletion."


# IAM


@refuses("iam:PutRolePolicy", "the inline policies of the role have more than 10,240 characters", IAMBackend, "put_role_policy")
def long_inline_policies(self, role_name, policy_name, policy_json):
    policies = {**self.get_role(role_name).policies, policy_name: policy_json}
    characters = sum(len("".join(policy.split())) for policy in policies.values())
    if characters <= MOST_POLICY_CHARACTERS:
        return None
    return f"Maximum policy size of {MOST_POLICY_CHARACTERS} bytes exceeded for role {role_name}"


# API Gateway


@refuses("apigateway:CreateUsagePlanKey", "the plan has the key", APIGatewayBackend, "create_usage_plan_key")
def plan_has_key(self, usage_plan_id, payload):
    key = payload["keyId"]
    if key not in self.usage_plan_keys.get(usage_plan_id, {}):
        return None
    return f"Usage Plan Key {key} already exists in Usage Plan {usage_plan_id}."


@refuses("apigateway:DeleteUsagePlan", "the plan has a stage", APIGatewayBackend, "delete_usage_plan")
def plan_has_stage(self, usage_plan_id):
    stages = self.usage_plans[usage_plan_id].api_stages
    if not stages:
        return None
    first = f"{stages[0]['apiId']}:{stages[0]['stage']}"
    return f"Cannot delete Usage Plan {usage_plan_id} because there are API Stages associated with it, including {first}"


@refuses("apigateway:DeleteDeployment", "a stage uses it", RestAPI, "delete_deployment")
def deployment_in_use(self, deployment_id):
    if all(stage.deployment_id != deployment_id for stage in self.stages.values()):
        return None
    return "Active stages pointing to this deployment must be moved or deleted"


# WAF


DUPLICATE = "AWS WAF couldn’t perform the operation because some resource in your request is a duplicate of an existing one."
LIMIT = "AWS WAF couldn’t perform the operation because you exceeded your resource limit."
ASSOCIATED = "AWS WAF couldn’t perform the operation because your resource is being used by another resource or it’s associated with another resource."


@refuses("wafv2:CreateIPSet", "the name exists", WAFV2Backend, "create_ip_set")
def ip_set_exists(self, name, scope, *_args, **_kwargs):
    return DUPLICATE if any(known.name == name and known.scope == scope for known in self.ip_sets.values()) else None


@refuses("wafv2:CreateIPSet", "the IP set has more than 10,000 blocks", WAFV2Backend, "create_ip_set")
@refuses("wafv2:UpdateIPSet", "the IP set has more than 10,000 blocks", WAFV2Backend, "update_ip_set")
def long_ip_set(_self, *parameters):
    # Both methods of moto take the addresses in the fifth place.
    addresses = parameters[4]
    return LIMIT if len(addresses) > MOST_ADDRESSES else None


@refuses("wafv2:CreateWebACL", "the name exists", WAFV2Backend, "create_web_acl")
def acl_exists(self, name, _visibility, _action, scope, *_args, **_kwargs):
    # An ARN is …:global/webacl/NAME/ID or …:regional/webacl/NAME/ID.
    arn_scope = "global" if scope == "CLOUDFRONT" else "regional"
    return DUPLICATE if any(f":{arn_scope}/webacl/{name}/" in arn for arn in self.wacls) else None


@refuses("wafv2:DeleteIPSet", "a web ACL uses it", WAFV2Backend, "delete_ip_set")
def ip_set_in_use(self, name, _scope, ip_set_id, _lock_token):
    arns = [arn for arn in self.ip_sets if arn.endswith(f"/ipset/{name}/{ip_set_id}")]
    rules = json.dumps([rule.statement for acl in self.wacls.values() for rule in acl.rules])
    return ASSOCIATED if any(arn in rules for arn in arns) else None


@refuses("wafv2:DeleteWebACL", "a distribution uses it", WAFV2Backend, "delete_web_acl")
def acl_in_use(self, name, _scope, acl_id, _lock_token):
    used = [distribution.distribution_config.WebACLId for distribution in distributions(self)]
    return ASSOCIATED if any(arn.endswith(f"/webacl/{name}/{acl_id}") for arn in used) else None


# CloudFront


@refuses("cloudfront:CreateDistribution", "another distribution has the alias", CloudFrontBackend, "create_distribution_with_tags")
def alias_in_use(self, distribution_config, _tags):
    wanted = set((distribution_config.get("Aliases") or {}).get("Items") or [])
    for distribution in self.distributions.values():
        if wanted & set(distribution.distribution_config.Aliases.get("Items") or []):
            return "One or more of the CNAMEs you provided are already associated with a different resource."
    return None


@refuses("cloudfront:DeleteDistribution", "the distribution is enabled", CloudFrontBackend, "delete_distribution")
def distribution_enabled(self, distribution_id, _if_match):
    distribution = self.distributions.get(distribution_id)
    if distribution is None or str(distribution.distribution_config.Enabled).lower() != "true":
        return None
    return "The distribution you are trying to delete has not been disabled."


# ACM


@refuses("acm:DeleteCertificate", "a distribution uses it", AWSCertificateManagerBackend, "delete_certificate")
def certificate_in_use(self, arn):
    for distribution in distributions(self):
        if getattr(distribution.distribution_config.ViewerCertificate, "acm_certificate_arn", "") == arn:
            return f"Certificate {arn} in account {self.account_id} is in use."
    return None


# Route 53


@refuses("route53:ChangeResourceRecordSets", "the record exists", Route53Backend, "change_resource_record_sets")
def record_exists(self, zone_id, changes):
    # Records of a routing policy, such as weighted ones, share name and type, and each has its own identifier.
    records = self.get_hosted_zone(zone_id).rrsets
    existing = {(record.name.rstrip("."), record.type, record.set_identifier) for record in records}
    for change in changes:
        record = change["ResourceRecordSet"]
        key = (record["Name"].rstrip("."), record["Type"], record.get("SetIdentifier"))
        if change["Action"] == "CREATE" and key in existing:
            return f"[Tried to create resource record set [name='{record['Name']}', type='{record['Type']}'] but it already exists]"
    return None
