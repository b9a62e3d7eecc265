package provider

import (
	"regexp"
	"strings"
)

// advice is what to tell people of an error code.
type advice struct {
	code     string
	prefix   bool // Whether it stands for all codes that begin with it.
	summary  string
	remedy   string
	argument string // The data source's argument at fault, where one is.
}

// policy is the least that a RAM user or role needs.
const policy = `{"Version":"1","Statement":[{"Effect":"Allow","Action":"ecs:DescribeSnapshots","Resource":"acs:ecs:*:*:snapshot/*"}]}`

// adviceByCode knows the codes of DescribeSnapshots' document and of the gateway
// before it. The first that fits counts.
var adviceByCode = []advice{
	// DescribeSnapshots' own codes.
	{
		code: "InvalidSnapshotIds.Malformed", summary: "Invalid Snapshot IDs", argument: "snapshot_ids",
		remedy: "Check that each id has the form s-... and belongs to a snapshot.",
	},
	{
		code: "InvalidFilterKey.NotFound", summary: "Creation Time Filter Not Supported", argument: "creation_start_time",
		remedy: "The service no longer takes this filter of times. Leave creation_start_time and creation_end_time out, and filter the result in HCL.",
	},
	{
		code: "InvalidFilterValue", summary: "Invalid Creation Time", argument: "creation_start_time",
		remedy: "Check creation_start_time and creation_end_time. Leave one of them out to see which one the service refuses.",
	},
	{
		code: "InvalidUsage", summary: "Invalid Usage", argument: "usage",
		remedy: "Use image, disk, image_disk or none.",
	},
	{
		code: "InvalidSourceDiskType", summary: "Invalid Source Disk Type", argument: "source_disk_type",
		remedy: "Use System or Data.",
	},
	{
		code: "InvalidStatus.NotFound", summary: "Invalid Status", argument: "status",
		remedy: "Use progressing, accomplished, failed or all.",
	},
	{
		code: "InvalidSnapshotType.NotFound", summary: "Invalid Snapshot Type", argument: "snapshot_type",
		remedy: "Use auto, user or all.",
	},
	{
		code: "InvalidSnapshotCategory.Malformed", summary: "Invalid Category", argument: "category",
		remedy: "Use standard, flash or archive. Not every region has all of them.",
	},
	{
		code: "InvalidTag.Mismatch", summary: "Invalid Tags", argument: "tags",
		remedy: "The service wants a value for each tag: replace null by the value to match.",
	},
	{
		code: "InvalidTagCount", summary: "Too Many Tags", argument: "tags",
		remedy: "Filter by at most 20 tags.",
	},
	{
		code: "InvalidTag", prefix: true, summary: "Invalid Tags", argument: "tags",
		remedy: "Check the tags: keys have 1 to 64 characters, values at most 128; neither starts with aliyun or acs:, or contains http:// or https://.",
	},
	{
		code: "InvalidSnapshotLinkId.NotFound", summary: "Snapshot Chain Not Found", argument: "snapshot_link_id",
		remedy: "Check the id of the snapshot chain, and that it is in this region.",
	},
	{
		code: "InvalidDiskId", prefix: true, summary: "Invalid Disk ID", argument: "disk_id",
		remedy: "Check the disk's id, and that it is in this region.",
	},
	{
		code: "InvalidInstanceId", prefix: true, summary: "Invalid Instance ID", argument: "instance_id",
		remedy: "Check the instance's id, and that it is in this region.",
	},
	{
		code: "InvalidResourceGroup", prefix: true, summary: "Invalid Resource Group", argument: "resource_group_id",
		remedy: "Check the resource group's id.",
	},
	{
		code: "InvalidKMSKeyId", prefix: true, summary: "Invalid KMS Key ID", argument: "kms_key_id",
		remedy: "Check the key's id, and that it is in this region.",
	},
	{
		code: "InvalidEncrypted", prefix: true, summary: "Invalid Encryption Filter", argument: "encrypted",
		remedy: "Leave encrypted out, and filter the result in HCL.",
	},
	{
		code: "InvalidRegionId.NotFound", summary: "Unknown Region", argument: "region_id",
		remedy: "Check the region's id, that the account may use the region, and that endpoints.ecs, if set, serves it.",
	},
	{
		code: "DryRunOperation", summary: "Unexpected Dry Run", argument: "dry_run",
		remedy: "The service treated a normal request as a dry run. This is a bug in the provider; please report it with the request id.",
	},

	// Keys.
	{
		code: "InvalidAccessKeyId.NotFound", summary: "Unknown Access Key",
		remedy: "No account has this AccessKey. Check the key's id, and that key and endpoint belong to the same site (China or international).",
	},
	{
		code: "InvalidAccessKeyId.Inactive", summary: "Access Key Disabled",
		remedy: "Enable the AccessKey in the RAM console, or use another one.",
	},
	{
		code: "InvalidAccessKeyId", prefix: true, summary: "Invalid Access Key",
		remedy: "Check the key's id in the RAM console.",
	},
	{
		code: "SignatureDoesNotMatch", summary: "Signature Does Not Match",
		remedy: "The secret doesn't belong to the AccessKey. Check that both were copied whole, without spaces, and come from the same place.",
	},
	{
		code: "IncompleteSignature", summary: "Incomplete Signature",
		remedy: "Something between Terraform and the service changes requests, or this is a bug in the provider. Check the proxy and endpoints.ecs.",
	},
	{
		code: "InvalidTimeStamp", prefix: true, summary: "Clock Skew",
		remedy: "This machine's clock differs from the service's by more than 15 minutes. Set it right, for example by NTP, and run again.",
	},
	{
		code: "SignatureNonceUsed", summary: "Nonce Already Used",
		remedy: "Something between Terraform and the service repeats requests. Check the proxy.",
	},
	{
		code: "InvalidSecurityToken.Expired", summary: "Security Token Expired",
		remedy: "Get new temporary keys. The provider renews them by itself where they come from assume_role, assume_role_with_oidc, ecs_role_name, credentials_uri or a profile, not where a security_token is given.",
	},
	{
		code: "InvalidSecurityToken.MismatchWithAccessKey", summary: "Security Token Mismatch",
		remedy: "Take access key, secret and token from the same answer of STS. A token left in the environment beside other keys is a common cause.",
	},
	{
		code: "InvalidSecurityToken", prefix: true, summary: "Invalid Security Token",
		remedy: "Check that the token was copied whole and belongs to the access key.",
	},

	// Permission.
	{
		code: "Forbidden.RAM", summary: "Permission Denied",
		remedy: "The RAM user or role may not list snapshots. The least it needs is this policy: " + policy,
	},
	{
		code: "NoPermission", prefix: true, summary: "Permission Denied",
		remedy: "The RAM user or role may not list snapshots. The least it needs is this policy: " + policy,
	},
	{
		code: "Forbidden", prefix: true, summary: "Permission Denied",
		remedy: "The account, RAM user or role may not list snapshots here. The least it needs is this policy: " + policy,
	},

	// The gateway.
	{
		code: "MissingParameter", prefix: true, summary: "Missing Request Parameter",
		remedy: "The service wants a parameter that wasn't sent. This is a bug in the provider; please report it with the request id.",
	},
	{
		code: "InvalidParameter", prefix: true, summary: "Invalid Request Parameter",
		remedy: "Check the arguments against the service's message.",
	},
	{
		code: "Throttling", prefix: true, summary: "Throttled by the Service",
		remedy: "The account makes too many calls. Raise timeouts.read, lower the provider's max_concurrent_requests, or see what else calls ECS in this account and region: the limits are counted by the minute.",
	},
	{
		code: "ServiceUnavailable", summary: "Service Unavailable",
		remedy: "The service was unavailable in all attempts. Run again later.",
	},
	{
		code: "SystemBusy", prefix: true, summary: "Service Busy",
		remedy: "The service was overloaded in all attempts. Run again later.",
	},
	{
		code: "InternalError", summary: "Internal Service Error",
		remedy: "The service failed in all attempts. Run again later; if the error persists, give the request id to the service's support.",
	},
}

// findAdvice gives the advice for a code.
func findAdvice(code string) (advice, bool) {
	for _, a := range adviceByCode {
		if code == a.code || a.prefix && strings.HasPrefix(code, a.code) {
			return a, true
		}
	}
	return advice{}, false
}

// argumentOf has the argument for each parameter that a message may name.
var argumentOf = map[string]string{
	"RegionId": "region_id", "DiskId": "disk_id", "InstanceId": "instance_id", "SnapshotIds": "snapshot_ids", "SnapshotLinkId": "snapshot_link_id",
	"SnapshotName": "snapshot_name", "SnapshotType": "snapshot_type", "SourceDiskType": "source_disk_type", "Status": "status", "Usage": "usage",
	"Category": "category", "Encrypted": "encrypted", "KMSKeyId": "kms_key_id", "ResourceGroupId": "resource_group_id", "Tag": "tags", "DryRun": "dry_run",
}

var word = regexp.MustCompile(`[A-Za-z]+`)

// argumentNamed gives the argument whose parameter a message names; "" where it
// names none, or several.
func argumentNamed(message string) string {
	found := ""
	for _, parameter := range word.FindAllString(message, -1) {
		argument, ok := argumentOf[parameter]
		switch {
		case !ok || argument == found:
		case found != "":
			return ""
		default:
			found = argument
		}
	}
	return found
}
