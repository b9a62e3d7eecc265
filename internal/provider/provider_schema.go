package provider

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-framework/provider/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

const defaultMaxConcurrent = 8

// providerModel is the provider block.
type providerModel struct {
	Region                types.String             `tfsdk:"region"`
	AccessKey             types.String             `tfsdk:"access_key"`
	SecretKey             types.String             `tfsdk:"secret_key"`
	SecurityToken         types.String             `tfsdk:"security_token"`
	Profile               types.String             `tfsdk:"profile"`
	SharedCredentialsFile types.String             `tfsdk:"shared_credentials_file"`
	ECSRoleName           types.String             `tfsdk:"ecs_role_name"`
	CredentialsURI        types.String             `tfsdk:"credentials_uri"`
	AssumeRole            *assumeRoleModel         `tfsdk:"assume_role"`
	AssumeRoleWithOIDC    *assumeRoleWithOIDCModel `tfsdk:"assume_role_with_oidc"`
	Endpoints             *endpointsModel          `tfsdk:"endpoints"`
	MaxConcurrentRequests types.Number             `tfsdk:"max_concurrent_requests"`
}

type assumeRoleModel struct {
	RoleARN           types.String `tfsdk:"role_arn"`
	SessionName       types.String `tfsdk:"session_name"`
	SessionExpiration types.Number `tfsdk:"session_expiration"`
	Policy            types.String `tfsdk:"policy"`
	ExternalID        types.String `tfsdk:"external_id"`
}

type assumeRoleWithOIDCModel struct {
	RoleARN           types.String `tfsdk:"role_arn"`
	OIDCProviderARN   types.String `tfsdk:"oidc_provider_arn"`
	OIDCToken         types.String `tfsdk:"oidc_token"`
	OIDCTokenFile     types.String `tfsdk:"oidc_token_file"`
	RoleSessionName   types.String `tfsdk:"role_session_name"`
	SessionExpiration types.Number `tfsdk:"session_expiration"`
	Policy            types.String `tfsdk:"policy"`
}

type endpointsModel struct {
	ECS types.String `tfsdk:"ecs"`
	STS types.String `tfsdk:"sts"`
}

func (p *aliyunProvider) Schema(_ context.Context, _ provider.SchemaRequest, resp *provider.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "Reads the disk snapshots of Alibaba Cloud Elastic Compute Service (ECS).",
		Attributes: map[string]schema.Attribute{
			"region": schema.StringAttribute{
				Optional: true,
				MarkdownDescription: "Region of data sources that set no `region_id`, for example `cn-hangzhou`. Default: the environment variable " +
					"`ALIBABA_CLOUD_REGION`, `ALIBABA_CLOUD_REGION_ID` or `ALICLOUD_REGION`, then the `region_id` of the CLI profile in use. " +
					"There is no built-in default region.",
				Validators: []validator.String{regionID()},
			},
			"access_key":              secret("AccessKey ID. Requires `secret_key`. If not set, the provider uses the next source of credentials."),
			"secret_key":              secret("AccessKey secret. Required with `access_key`."),
			"security_token":          secret("Security token, required if `access_key` and `secret_key` are temporary keys. Default: none."),
			"profile":                 optional("Name of a profile in the aliyun CLI's configuration file. If not set, the provider uses the next source of credentials."),
			"shared_credentials_file": optional("Path of the aliyun CLI's configuration file. Default: `ALIBABA_CLOUD_CONFIG_FILE`, then `~/.aliyun/config.json`."),
			"ecs_role_name":           optional("Name of the RAM role of the ECS instance that Terraform runs on. Its temporary keys come from the instance metadata service. If not set, the provider uses the next source of credentials."),
			"credentials_uri":         optional("HTTP or HTTPS URI that returns temporary keys as JSON. It is called again before they expire. If not set, the provider uses the next source of credentials."),
			"max_concurrent_requests": schema.NumberAttribute{
				Optional: true,
				MarkdownDescription: "Maximum number of concurrent API requests of all data sources that use this provider block: 1 to 32. " +
					"Default: 8. While the service throttles, the provider sends fewer at a time.",
				Validators: []validator.Number{wholeNumber{1, 32}},
			},
		},
		Blocks: map[string]schema.Block{
			"assume_role": schema.SingleNestedBlock{
				MarkdownDescription: "RAM role to assume with the credentials of the source in use. Default: none.",
				Validators:          []validator.Object{requires("role_arn")},
				Attributes: map[string]schema.Attribute{
					"role_arn":           optional("ARN of the role, for example `acs:ram::1234567890123456:role/snapshot-reader`."),
					"session_name":       optional("Name of the session, as shown in audit logs. Default: `terraform-provider-aliyun`."),
					"session_expiration": sessionExpiration(),
					"policy":             optional("RAM policy in JSON that further restricts the role's permissions. Default: none."),
					"external_id":        optional("External ID that the role's trust policy requires. Default: none."),
				},
			},
			"assume_role_with_oidc": schema.SingleNestedBlock{
				MarkdownDescription: "RAM role to assume with a token of an OIDC identity provider, such as a CI system or Kubernetes. If not set, the provider uses the next source of credentials.",
				Validators:          []validator.Object{requires("role_arn", "oidc_provider_arn")},
				Attributes: map[string]schema.Attribute{
					"role_arn":           optional("ARN of the role, for example `acs:ram::1234567890123456:role/ci`."),
					"oidc_provider_arn":  optional("ARN of the identity provider in RAM, for example `acs:ram::1234567890123456:oidc-provider/github`."),
					"oidc_token":         secret("OIDC token. Set either this or `oidc_token_file`."),
					"oidc_token_file":    optional("Path of a file that contains the OIDC token. It is read again each time the session is renewed. Set either this or `oidc_token`."),
					"role_session_name":  optional("Name of the session, as shown in audit logs. Default: `terraform-provider-aliyun`."),
					"session_expiration": sessionExpiration(),
					"policy":             optional("RAM policy in JSON that further restricts the role's permissions. Default: none."),
				},
			},
			"endpoints": schema.SingleNestedBlock{
				MarkdownDescription: "Endpoints to use instead of the services' public ones: `host`, `host:port` or `http(s)://host[:port]`. " +
					"HTTPS is used unless `http://` is given. Default: the public endpoints of each region.",
				Attributes: map[string]schema.Attribute{
					"ecs": endpointArgument("Endpoint of ECS, used for every region. Default: the region's public endpoint, such as `ecs.cn-beijing.aliyuncs.com`. " +
						"Within a VPC: `ecs-vpc.<region>.aliyuncs.com`."),
					"sts": endpointArgument("Endpoint of STS, which is called to assume a role. Default: the region's public endpoint, such as `sts.cn-beijing.aliyuncs.com`."),
				},
			},
		},
	}
}

func optional(description string) schema.StringAttribute {
	return schema.StringAttribute{Optional: true, MarkdownDescription: description, Validators: []validator.String{notBlank()}}
}

func secret(description string) schema.StringAttribute {
	attribute := optional(description)
	attribute.Sensitive = true
	return attribute
}

func sessionExpiration() schema.Attribute {
	return schema.NumberAttribute{
		Optional:            true,
		MarkdownDescription: "Duration of a session in seconds, from 900 to the role's own maximum. Default: 3600.",
		Validators:          []validator.Number{wholeNumber{900, 43_200}},
	}
}

func endpointArgument(description string) schema.Attribute {
	return schema.StringAttribute{Optional: true, MarkdownDescription: description, Validators: []validator.String{endpoint()}}
}
