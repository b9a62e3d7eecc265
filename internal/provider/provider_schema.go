package provider

import (
	"context"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-framework/provider/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
)

const defaultMaxConcurrent = 8

func (p *aliyunProvider) Schema(_ context.Context, _ provider.SchemaRequest, resp *provider.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "Reads the disk snapshots of Alibaba Cloud Elastic Compute Service (ECS).",
		Attributes: map[string]schema.Attribute{
			"region": argument(regionID, "Region of data sources that set no `region_id`, for example `cn-hangzhou`. "+
				variables(regionVariables...)+", then the `region_id` of the CLI profile in use. There is no built-in default region."),
			"access_key": secret("AccessKey ID. Requires `secret_key`. " +
				variables("ALICLOUD_ACCESS_KEY", "ALIBABA_CLOUD_ACCESS_KEY_ID", "ALIBABACLOUD_ACCESS_KEY_ID") + "."),
			"secret_key": secret("AccessKey secret. Required with `access_key`. " +
				variables("ALICLOUD_SECRET_KEY", "ALIBABA_CLOUD_ACCESS_KEY_SECRET", "ALIBABACLOUD_ACCESS_KEY_SECRET") + "."),
			"security_token": secret("Security token, required if `access_key` and `secret_key` are temporary credentials. " +
				variables("ALICLOUD_SECURITY_TOKEN", "ALIBABA_CLOUD_SECURITY_TOKEN", "ALIBABACLOUD_SECURITY_TOKEN") + "."),
			"profile": optional("Name of a profile in the aliyun CLI's configuration file. " +
				variables("ALICLOUD_PROFILE", "ALIBABA_CLOUD_PROFILE", "ALIBABACLOUD_PROFILE") + ", then the file's current profile."),
			"shared_credentials_file": optional("Path of the aliyun CLI's configuration file. " +
				variables("ALICLOUD_SHARED_CREDENTIALS_FILE", "ALIBABA_CLOUD_CREDENTIALS_FILE", "ALIBABA_CLOUD_CONFIG_FILE") + ", then `~/.aliyun/config.json`."),
			"ecs_role_name": optional("Name of the RAM role of the ECS instance that Terraform runs on. Its temporary credentials come from the instance metadata service. " +
				variables("ALICLOUD_ECS_ROLE_NAME", "ALIBABA_CLOUD_ECS_METADATA") + "."),
			"credentials_uri": optional("HTTP or HTTPS URI that returns temporary credentials as JSON. It is called again before they expire. " +
				variables("ALICLOUD_CREDENTIALS_URI", "ALIBABA_CLOUD_CREDENTIALS_URI") + "."),
			"max_concurrent_requests": schema.NumberAttribute{
				Optional: true,
				MarkdownDescription: "Maximum number of concurrent API requests of all data sources that use this provider block: 1 to 32. " +
					"Default: 8. While the API throttles, the provider sends fewer at a time.",
				Validators: []validator.Number{wholeNumber{min: 1, max: 32}},
			},
		},
		Blocks: map[string]schema.Block{
			"assume_role": schema.SingleNestedBlock{
				MarkdownDescription: "RAM role to assume with the credentials of the source in use. Default: none.",
				Attributes: map[string]schema.Attribute{
					"role_arn": argument(ramARN("role"), "ARN of the role, for example `acs:ram::1234567890123456:role/snapshot-reader`. "+
						variables("ALICLOUD_ASSUME_ROLE_ARN", "ALIBABA_CLOUD_ROLE_ARN")+"."),
					"session_name": argument(sessionName, "Name of the session, as shown in audit logs. "+
						variables("ALICLOUD_ASSUME_ROLE_SESSION_NAME", "ALIBABA_CLOUD_ROLE_SESSION_NAME")+", then `terraform-provider-aliyun`."),
					"session_expiration": sessionExpiration(variables("ALICLOUD_ASSUME_ROLE_SESSION_EXPIRATION") + ", then 3600."),
					"policy":             argument(jsonObject, sessionPolicy),
					"external_id":        optional("External ID that the role's trust policy requires. Default: none."),
				},
			},
			"assume_role_with_oidc": schema.SingleNestedBlock{
				MarkdownDescription: "RAM role to assume with a token of an OIDC identity provider, such as a CI system or Kubernetes.",
				Attributes: map[string]schema.Attribute{
					"role_arn": argument(ramARN("role"), "ARN of the role, for example `acs:ram::1234567890123456:role/ci`. "+
						variables("ALIBABA_CLOUD_ROLE_ARN")+"."),
					"oidc_provider_arn": argument(ramARN("oidc-provider"), "ARN of the identity provider in RAM, for example `acs:ram::1234567890123456:oidc-provider/github`. "+
						variables("ALIBABA_CLOUD_OIDC_PROVIDER_ARN")+"."),
					"oidc_token": secret("OIDC token. Set either this or `oidc_token_file`. " + variables("ALIBABA_CLOUD_OIDC_TOKEN") + "."),
					"oidc_token_file": optional("Path of a file that contains the OIDC token. It is read again each time the session is renewed. Set either this or `oidc_token`. " +
						variables("ALIBABA_CLOUD_OIDC_TOKEN_FILE") + "."),
					"role_session_name": argument(sessionName, "Name of the session, as shown in audit logs. "+
						variables("ALIBABA_CLOUD_ROLE_SESSION_NAME")+", then `terraform-provider-aliyun`."),
					"session_expiration": sessionExpiration("Default: 3600."),
					"policy":             argument(jsonObject, sessionPolicy),
				},
			},
			"endpoints": schema.SingleNestedBlock{
				MarkdownDescription: "Endpoints to use instead of the public ones: `host`, `host:port` or `http(s)://host[:port]`. " +
					"HTTPS is used unless `http://` is given.",
				Attributes: map[string]schema.Attribute{
					"ecs": argument(endpoint, "Endpoint of ECS, used for every region. "+variables("ALIBABA_CLOUD_ENDPOINT_ECS", "ECS_ENDPOINT")+
						", then the region's public endpoint, such as `ecs.cn-beijing.aliyuncs.com`. Within a VPC: `ecs-vpc.<region>.aliyuncs.com`."),
					"sts": argument(endpoint, "Endpoint of STS, which is called to assume a role. "+variables("ALIBABA_CLOUD_ENDPOINT_STS", "STS_ENDPOINT")+
						", then the region's public endpoint, such as `sts.cn-beijing.aliyuncs.com`."),
				},
			},
		},
	}
}

// variables names the environment variables that an argument's default comes from.
func variables(names ...string) string {
	return "Default: `" + strings.Join(names, "`, then `") + "`"
}

func argument(rule stringRule, description string) schema.StringAttribute {
	return schema.StringAttribute{Optional: true, MarkdownDescription: description, Validators: []validator.String{rule}}
}

// optional refuses "" too: a variable without a value would otherwise lead to other
// credentials than its author meant.
func optional(description string) schema.StringAttribute {
	return argument(notEmpty(
		"is an empty string. For the default, or another source of credentials, leave it out or set it to null."), description)
}

func secret(description string) schema.StringAttribute {
	attribute := optional(description)
	attribute.Sensitive = true
	return attribute
}

const sessionPolicy = "RAM policy in JSON that further restricts the role's permissions. Default: none."

func sessionExpiration(defaults string) schema.Attribute {
	return schema.NumberAttribute{
		Optional:            true,
		MarkdownDescription: "Duration of a session in seconds, from 900 to the role's own maximum. " + defaults,
		Validators:          []validator.Number{wholeNumber{min: 900, max: 43_200}},
	}
}
