package credentials

import (
	"cmp"
	"fmt"
	"os"
	"strings"

	"github.com/seed01464933/terraform-provider-aliyun/internal/rpc"
)

// Warning tells of a setting that the official provider or the aliyun CLI would obey
// and this provider doesn't: both may stand in one configuration, and should be one
// identity.
type Warning struct {
	Attribute string // The argument of the provider block that it is about; "" for none.
	Summary   string
	Detail    string
}

func (f *finder) warn(attribute, summary, format string, arguments ...any) {
	f.warnings = append(f.warnings, Warning{attribute, summary, fmt.Sprintf(format, arguments...)})
}

// warnOtherIdentity compares the chosen place with the one that the official provider
// would choose among those that are set: it takes its sources by their rank, each
// from the provider block first and then from the environment.
func (f *finder) warnOtherIdentity(found *origin, chosen place, places []place) {
	var official place
	for _, p := range places {
		if p.set && p.rank != unranked && (official.rank == unranked || p.rank < official.rank) {
			official = p
		}
	}
	if official.rank == unranked || official.name == chosen.name {
		return
	}
	other := official.name
	for _, family := range keyFamilies {
		if pair := (keyPair{id: f.variable(family[0]), secret: f.variable(family[1])}); pair.String() == other {
			other = pair.masked()
		}
	}
	f.warn("", "The Official Provider Would Use Other Credentials",
		"This provider uses %s. With the same arguments and environment, the official provider (aliyun/alicloud) would use %s. "+
			"The two may then work in different accounts: snapshots of one, disks in another.\n\n"+
			"Unset what the official provider would use, or remove what this one uses, so that both use the same credentials.",
		found.name, other)
}

// warnOtherToken tells of a security token that the official provider would add to the
// chosen keys: it reads each variable for itself.
func (f *finder) warnOtherToken(chosen keyPair) {
	official := setting{"security_token", f.cfg.SecurityToken}
	if official.value == "" {
		official = f.first(keyFamilies[0][2], keyFamilies[1][2], keyFamilies[2][2])
	}
	if official.value != "" && official.value != chosen.token.value {
		f.warn("", "Unused Security Token",
			"%s is set, but not used: it doesn't belong to %s. The official provider (aliyun/alicloud) would send it with them. "+
				"Unset it, or set it as %s if it belongs to these keys.", official.name, chosen.masked(), chosen.token.name)
	}
}

// unread are variables that the official provider or the aliyun CLI obeys and this
// provider doesn't.
var unread = []struct {
	names   []string
	meaning string
	ecs     bool // Whether the argument endpoints.ecs replaces it.
}{
	{
		[]string{"ALICLOUD_SOURCE_IP", "ALIBABA_CLOUD_SOURCE_IP"},
		"The official provider sends it with each request as SourceIp, which a policy's condition may ask for.", false,
	},
	{
		[]string{
			"ALICLOUD_SECURE_TRANSPORT", "ALIBABA_CLOUD_SECURE_TRANSPORT",
			"ALICLOUD_SECURITY_TRANSPORT", "ALIBABA_CLOUD_SECURITY_TRANSPORT",
		},
		"The official provider sends it with each request as SecureTransport, which a policy's condition may ask for.", false,
	},
	{
		[]string{"TF_ENDPOINT_PATH"},
		"The official provider reads endpoints from the file that it names. Set the argument endpoints of this provider.", true,
	},
	{
		[]string{"ALIBABA_CLOUD_ENDPOINT", "ALIBABA_CLOUD_ENDPOINT_TYPE", "ALIBABACLOUD_ENDPOINT_TYPE", "ALICLOUD_ENDPOINT_TYPE"},
		"The aliyun CLI chooses its endpoint by it. Set the argument endpoints of this provider, or ALIBABA_CLOUD_ENDPOINT_ECS.", true,
	},
	{
		[]string{"ALICLOUD_ACCESS_KEY_ID", "ALICLOUD_ACCESS_KEY_SECRET"},
		"Only the aliyun CLI knows this name. The variables of a key are ALIBABA_CLOUD_ACCESS_KEY_ID and ALIBABA_CLOUD_ACCESS_KEY_SECRET.", false,
	},
}

// warnUnread tells of variables that are set, and not obeyed.
func (f *finder) warnUnread() {
	const summary = "Setting Not Used"
	ownEndpoint := f.cfg.ECSEndpoint != (rpc.Endpoint{})
	for _, variables := range unread {
		for _, name := range variables.names {
			if f.env(name) != "" && (!variables.ecs || !ownEndpoint) {
				f.warn("", summary, "The variable %s is set, but this provider doesn't use it. %s", name, variables.meaning)
			}
		}
	}
	if _, err := os.Stat("endpoints.xml"); err == nil && !ownEndpoint {
		f.warn("", summary, "There is a file endpoints.xml in the working directory, from which the official provider reads endpoints. "+
			"This provider doesn't use it. Set its argument endpoints.")
	}
}

// warnProfile tells of a chosen profile's fields that are set, and not obeyed.
func (f *finder) warnProfile(p *cliProfile) {
	if name := present(setting{"endpoint", p.Endpoint}, setting{"endpoint_type", p.EndpointType}); name != "" && f.cfg.ECSEndpoint == (rpc.Endpoint{}) {
		f.warn("", "Setting Not Used", "The %s sets %s, by which the aliyun CLI chooses its endpoint. This provider doesn't use it: "+
			"set its argument endpoints, such as endpoints { ecs = %q }.", p, name,
			cmp.Or(p.Endpoint, "ecs-vpc."+cmp.Or(p.RegionID, "cn-hangzhou")+".aliyuncs.com"))
	}
}

// profilesDisabled names the variable that switches the CLI's profiles off; "" if none
// does.
func (f *finder) profilesDisabled() string {
	for _, name := range []string{"ALIBABA_CLOUD_CLI_PROFILE_DISABLED", "ALIBABA_CLOUD_IGNORE_PROFILE", "ALIBABACLOUD_IGNORE_PROFILE"} {
		if strings.EqualFold(f.env(name), "true") {
			return name
		}
	}
	return ""
}
