package credentials

import (
	"context"
	"fmt"

	"github.com/seed01464933/terraform-provider-aliyun/internal/rpc"
)

// keyFamilies are the variables of an AccessKey's ID and secret, and its security
// token, by the names that the official provider reads, in its order.
var keyFamilies = [][3]string{
	{"ALICLOUD_ACCESS_KEY", "ALICLOUD_SECRET_KEY", "ALICLOUD_SECURITY_TOKEN"},
	{"ALIBABA_CLOUD_ACCESS_KEY_ID", "ALIBABA_CLOUD_ACCESS_KEY_SECRET", "ALIBABA_CLOUD_SECURITY_TOKEN"},
	{"ALIBABACLOUD_ACCESS_KEY_ID", "ALIBABACLOUD_ACCESS_KEY_SECRET", "ALIBABACLOUD_SECURITY_TOKEN"},
}

// keyPair is an AccessKey in the provider block or in variables.
type keyPair struct {
	id, secret, token setting
	attributes        bool
}

func (k keyPair) String() string {
	if k.attributes {
		return fmt.Sprintf("attributes %q and %q", k.id.name, k.secret.name)
	}
	return k.id.name + " and " + k.secret.name
}

// masked is the pair with as much of the AccessKey ID as may be shown.
func (k keyPair) masked() string { return k.String() + " (access key " + masked(k.id.value) + ")" }

// keys is the place of a pair. A token without a key in the environment is left over
// from an older session; in the provider block it is a mistake.
func (f *finder) keys(k keyPair) place {
	set := k.id.value != "" || k.secret.value != "" || k.attributes && k.token.value != ""
	return place{k.String(), set, keysRank, func() (*origin, error) {
		if lacking := missing(k.id, k.secret); lacking != "" {
			err := incomplete(lacking, present(k.id, k.secret, k.token))
			if k.attributes {
				err.Attribute = lacking
			}
			return nil, err
		}
		f.warnOtherToken(k)
		return &origin{
			fetch: fixed(rpc.Credentials{AccessKeyID: k.id.value, AccessKeySecret: k.secret.value, SecurityToken: k.token.value}),
			fixed: true,
			name:  k.masked(),
		}, nil
	}}
}

// fixed is a source whose credentials are given.
func fixed(keys rpc.Credentials) fetcher {
	return func(context.Context) (session, error) { return session{keys: keys}, nil }
}

// masked keeps the last four characters of an AccessKey ID, enough to tell keys
// apart.
func masked(key string) string {
	if len(key) < 8 {
		return "****"
	}
	return "****" + key[len(key)-4:]
}
