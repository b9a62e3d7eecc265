package provider

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework-validators/int64validator"
	"github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-framework/provider/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

const (
	defaultMaxConcurrent = 8
	maxMaxConcurrent     = 32
)

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
	MaxConcurrentRequests types.Int64              `tfsdk:"max_concurrent_requests"`
}

type assumeRoleModel struct {
	RoleARN           types.String `tfsdk:"role_arn"`
	SessionName       types.String `tfsdk:"session_name"`
	SessionExpiration types.Int64  `tfsdk:"session_expiration"`
	Policy            types.String `tfsdk:"policy"`
	ExternalID        types.String `tfsdk:"external_id"`
}

type assumeRoleWithOIDCModel struct {
	RoleARN           types.String `tfsdk:"role_arn"`
	OIDCProviderARN   types.String `tfsdk:"oidc_provider_arn"`
	OIDCToken         types.String `tfsdk:"oidc_token"`
	OIDCTokenFile     types.String `tfsdk:"oidc_token_file"`
	SessionName       types.String `tfsdk:"session_name"`
	SessionExpiration types.Int64  `tfsdk:"session_expiration"`
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
				MarkdownDescription: "The default region, for example `cn-hangzhou`. Default: the environment's `ALIBABA_CLOUD_REGION`, " +
					"`ALIBABA_CLOUD_REGION_ID` or `ALICLOUD_REGION`, then the chosen profile's `region_id`. There is no region that is taken silently.",
				Validators: []validator.String{regionID()},
			},
			"access_key": schema.StringAttribute{
				Optional:            true,
				Sensitive:           true,
				MarkdownDescription: "An AccessKey id. Needs `secret_key`.",
			},
			"secret_key": schema.StringAttribute{
				Optional:            true,
				Sensitive:           true,
				MarkdownDescription: "The secret of `access_key`.",
			},
			"security_token": schema.StringAttribute{
				Optional:            true,
				Sensitive:           true,
				MarkdownDescription: "The security token that belongs to temporary keys in `access_key` and `secret_key`.",
			},
			"profile": schema.StringAttribute{
				Optional:            true,
				MarkdownDescription: "A profile of the aliyun CLI's configuration file, in any of the CLI's modes.",
			},
			"shared_credentials_file": schema.StringAttribute{
				Optional:            true,
				MarkdownDescription: "The path of the aliyun CLI's configuration file. Default: `~/.aliyun/config.json`.",
			},
			"ecs_role_name": schema.StringAttribute{
				Optional:            true,
				MarkdownDescription: "The RAM role of the ECS instance that Terraform runs on; its keys come from the metadata service.",
			},
			"credentials_uri": schema.StringAttribute{
				Optional:            true,
				MarkdownDescription: "A URI that answers with temporary keys as JSON. It is asked again when they run out.",
			},
			"assume_role": schema.SingleNestedAttribute{
				Optional:            true,
				MarkdownDescription: "A RAM role to assume with the keys of whichever source was found.",
				Attributes: map[string]schema.Attribute{
					"role_arn":           stringArgument(true, false, "The role's ARN, for example `acs:ram::123456789012****:role/snapshot-reader`."),
					"session_name":       stringArgument(false, false, "The name of the session in audit logs. Default: `terraform-provider-aliyun`."),
					"session_expiration": sessionExpiration(),
					"policy":             stringArgument(false, false, "A RAM policy as JSON that narrows the role's permissions further."),
					"external_id":        stringArgument(false, false, "The external id that the role's trust policy asks for."),
				},
			},
			"assume_role_with_oidc": schema.SingleNestedAttribute{
				Optional:            true,
				MarkdownDescription: "A RAM role to assume with a token of an OIDC identity provider, as CI systems and Kubernetes give them.",
				Attributes: map[string]schema.Attribute{
					"role_arn":           stringArgument(true, false, "The role's ARN."),
					"oidc_provider_arn":  stringArgument(true, false, "The ARN of the identity provider in RAM."),
					"oidc_token":         stringArgument(false, true, "The token. Give this or `oidc_token_file`."),
					"oidc_token_file":    stringArgument(false, false, "The path of a file with the token. It is read again whenever the session is renewed."),
					"session_name":       stringArgument(false, false, "The name of the session in audit logs. Default: `terraform-provider-aliyun`."),
					"session_expiration": sessionExpiration(),
					"policy":             stringArgument(false, false, "A RAM policy as JSON that narrows the role's permissions further."),
				},
			},
			"endpoints": schema.SingleNestedAttribute{
				Optional: true,
				MarkdownDescription: "Where to reach the services instead of their public endpoints, each as `host`, `host:port` or " +
					"`http(s)://host[:port]`; https unless `http://` is written.",
				Attributes: map[string]schema.Attribute{
					"ecs": endpointArgument("ECS. Default: the region's public endpoint, such as `ecs.cn-beijing.aliyuncs.com`. " +
						"Within a VPC: `ecs-vpc.<region>.aliyuncs.com`."),
					"sts": endpointArgument("STS, which `assume_role` and `assume_role_with_oidc` call. Default: the region's, such as `sts.cn-beijing.aliyuncs.com`."),
				},
			},
			"max_concurrent_requests": schema.Int64Attribute{
				Optional: true,
				MarkdownDescription: "The most API requests in flight at once, for all data sources of this provider together: 1 to 32. " +
					"Default: 8. It shrinks by itself while the service throttles.",
				Validators: []validator.Int64{int64validator.Between(1, maxMaxConcurrent)},
			},
		},
	}
}

func stringArgument(required, sensitive bool, description string) schema.Attribute {
	return schema.StringAttribute{Required: required, Optional: !required, Sensitive: sensitive, MarkdownDescription: description}
}

func sessionExpiration() schema.Attribute {
	return schema.Int64Attribute{
		Optional:            true,
		MarkdownDescription: "How long a session lasts, in seconds, from 900 to the role's own maximum. Default: 3600.",
		Validators:          []validator.Int64{int64validator.AtLeast(900)},
	}
}

func endpointArgument(description string) schema.Attribute {
	return schema.StringAttribute{Optional: true, MarkdownDescription: description, Validators: []validator.String{endpoint()}}
}
