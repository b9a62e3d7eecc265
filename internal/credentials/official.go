package credentials

import (
	"cmp"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/seed01464933/terraform-provider-aliyun/internal/rpc"
)

// Warning is about a setting that the official provider or the aliyun CLI would obey and
// this provider doesn't: the two could be two identities.
type Warning struct {
	Attribute string // The argument of the provider block that it is about; "" for none.
	Summary   string
	Detail    string
}

func (f *finder) warn(attribute, summary, format string, arguments ...any) {
	f.warnings = append(f.warnings, Warning{attribute, summary, fmt.Sprintf(format, arguments...)})
}

// rank is the order in which the official provider takes its sources, each from the
// provider block first and then from the environment.
type rank int

const (
	keysRank rank = iota
	profileRank
	uriRank
	ecsRoleRank
	oidcRank
	unranked // The official provider doesn't know the source.
)

// warnOtherIdentity compares the source in use with the one that the official provider
// would take of those that are set, and where both are profiles, their files.
func (f *finder) warnOtherIdentity(found *Source, used candidate, candidates []candidate) {
	official, p := candidate{rank: unranked}, found.profile
	for _, c := range candidates {
		if c.name == used.name && c.rank == profileRank {
			c.rank = f.profileRank(p)
		}
		if c.set && c.rank < official.rank {
			official = c
		}
	}
	other, remedy := official.name, "Unset what the official provider would use, or remove what this one uses, so that both use the same credentials."
	switch {
	case official.rank == unranked, official.name == used.name && p.config == nil:
		return
	case official.name != used.name:
	case f.officialFile() != filepath.Clean(p.config.path):
		other += ", the profile of that name in the file " + f.officialFile()
		remedy = "Name the file by shared_credentials_file or " + fileNames[0] + ", which both read."
	default:
		if slices.Contains([]string{"AK", "StsToken", "RamRoleArn"}, p.mode()) { // Of these it reads the fields for themselves, too.
			f.warnOtherToken(found.name, setting{name: "sts_token", value: p.SecurityToken})
		}
		return
	}
	f.warn("", "The Official Provider Would Use Other Credentials",
		"This provider uses %s. With the same arguments and environment, the official provider (aliyun/alicloud) would use %s. "+
			"The two may then work in different accounts: snapshots of one, disks in another.\n\n%s", found.name, other, remedy)
}

// profileRank is the rank of a profile, by its mode.
func (f *finder) profileRank(p *cliProfile) rank {
	switch mode := p.mode(); {
	case mode == "EcsRamRole":
		return ecsRoleRank
	case mode == "CredentialsURI" && p.CredentialsURI == f.first(uriNames...).value:
		return uriRank
	case mode == "CredentialsURI", mode == "OIDC", mode == "RamRoleArnWithRoleName":
		return unranked // The official provider gets no credentials from these.
	}
	return profileRank
}

// warnOtherToken is about a security token that the official provider would add to the
// keys in use: it reads each variable for itself.
func (f *finder) warnOtherToken(keys string, token setting) {
	official := chosen(setting{name: "security_token", value: f.cfg.SecurityToken}, f.first(keyFamilies[0][2], keyFamilies[1][2], keyFamilies[2][2]))
	if official.value != "" && official.value != token.value {
		f.warn("", "Unused Security Token",
			"%s is set, but not used: it doesn't belong to %s. The official provider (aliyun/alicloud) would send it with them. "+
				"Unset it, or set it as %s if it belongs to these keys.", official.name, keys, token.name)
	}
}

const unused = "Setting Not Used"

// warnUnread is about variables, a file, and fields of the profile in use that the
// official provider or the aliyun CLI obeys and this provider doesn't.
func (f *finder) warnUnread(p *cliProfile) {
	f.warnVariables("The official provider sends it with each request, and a policy's condition on acs:SourceIp or acs:SecureTransport may ask for it.",
		"ALICLOUD_SOURCE_IP", "ALIBABA_CLOUD_SOURCE_IP", "ALICLOUD_SECURE_TRANSPORT", "ALIBABA_CLOUD_SECURE_TRANSPORT",
		"ALICLOUD_SECURITY_TRANSPORT", "ALIBABA_CLOUD_SECURITY_TRANSPORT")
	f.warnVariables("Only the aliyun CLI knows this name. The variables of a key are ALIBABA_CLOUD_ACCESS_KEY_ID and ALIBABA_CLOUD_ACCESS_KEY_SECRET.",
		"ALICLOUD_ACCESS_KEY_ID", "ALICLOUD_ACCESS_KEY_SECRET")
	if f.cfg.ECSEndpoint != (rpc.Endpoint{}) {
		return // The rest would choose the endpoint.
	}
	f.warnVariables("The official provider reads endpoints from the file that it names. Set the argument endpoints of this provider.",
		"TF_ENDPOINT_PATH")
	f.warnVariables("The aliyun CLI chooses its endpoint by it. Set the argument endpoints of this provider, or ALIBABA_CLOUD_ENDPOINT_ECS.",
		"ALIBABA_CLOUD_ENDPOINT", "ALIBABA_CLOUD_ENDPOINT_TYPE", "ALIBABACLOUD_ENDPOINT_TYPE", "ALICLOUD_ENDPOINT_TYPE")
	if _, err := os.Stat("endpoints.xml"); err == nil {
		f.warn("", unused, "There is a file endpoints.xml in the working directory, from which the official provider reads endpoints. "+
			"This provider doesn't use it. Set its argument endpoints.")
	}
	set, _ := named(setting{name: "endpoint", value: p.Endpoint}, setting{name: "endpoint_type", value: p.EndpointType})
	if len(set) > 0 {
		f.warn("", unused, "The %s sets %s, by which the aliyun CLI chooses its endpoint. This provider doesn't use it: set its argument endpoints, such as endpoints { ecs = %q }.",
			p, strings.Join(set, " and "), cmp.Or(p.Endpoint, "ecs-vpc."+cmp.Or(p.RegionID, "cn-hangzhou")+".aliyuncs.com"))
	}
}

func (f *finder) warnVariables(meaning string, names ...string) {
	for _, name := range names {
		if f.env(name) != "" {
			f.warn("", unused, "The variable %s is set, but this provider doesn't use it. %s", name, meaning)
		}
	}
}
