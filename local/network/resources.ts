/** Applied resources. Each interface has only the attributes that the network reads, under the provider's names. */

export interface Vpc {
  readonly id: string;
  readonly enable_dns_support: boolean;
  readonly enable_dns_hostnames: boolean;
  readonly main_route_table_id: string;
}

export interface Subnet {
  readonly id: string;
  readonly vpc_id: string;
  readonly cidr_block: string;
  readonly availability_zone: string;
}

export interface RouteTableRoute {
  readonly route_table_id: string;
  readonly destination_cidr_block: string | null;
  readonly gateway_id: string | null;
  readonly nat_gateway_id: string | null;
}

export interface RouteTableAssociation {
  readonly route_table_id: string;
  readonly subnet_id: string | null;
}

export interface SecurityGroup {
  readonly id: string;
  readonly name: string;
}

/** Attributes of `aws_vpc_security_group_ingress_rule` and `aws_vpc_security_group_egress_rule`. */
export interface SecurityGroupRule {
  readonly security_group_id: string;
  readonly referenced_security_group_id: string | null;
  readonly cidr_ipv4: string | null;
  /** `-1` means every protocol and port. */
  readonly ip_protocol: string;
  readonly from_port: number | null;
  readonly to_port: number | null;
}

export interface VpcEndpoint {
  readonly service_name: string;
  readonly vpc_endpoint_type: string;
  readonly private_dns_enabled: boolean;
  readonly vpc_id: string;
  readonly subnet_ids: readonly string[];
  readonly security_group_ids: readonly string[];
}

export interface DbInstanceNetwork {
  /** Host name; `null` until the instance exists. */
  readonly address: string | null;
  readonly port: number;
  readonly publicly_accessible: boolean;
  readonly availability_zone: string;
  readonly db_subnet_group_name: string;
  readonly vpc_security_group_ids: readonly string[];
}

export interface DbSubnetGroup {
  readonly name: string;
  readonly subnet_ids: readonly string[];
}

export interface DbProxyNetwork {
  /** Host name; `null` until the proxy exists. */
  readonly endpoint: string | null;
  readonly vpc_subnet_ids: readonly string[];
  readonly vpc_security_group_ids: readonly string[];
}

export interface Ec2Instance {
  readonly private_ip: string;
  readonly associate_public_ip_address: boolean;
  readonly subnet_id: string;
  readonly vpc_security_group_ids: readonly string[];
}

export interface Route53Record {
  readonly fqdn: string;
  readonly type: string;
  readonly records: readonly string[];
}

/** Subnets and security groups of a function. */
export interface VpcConfig {
  readonly subnet_ids: readonly string[];
  readonly security_group_ids: readonly string[];
}
