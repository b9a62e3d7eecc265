package credentials

import (
	"context"
	"fmt"

	sdkcredentials "github.com/aliyun/alibaba-cloud-sdk-go/sdk/auth/credentials"
	"github.com/aliyun/credentials-go/credentials/providers"
)

// keyPair is an access key in the provider block or in variables.
type keyPair struct {
	attributes        bool
	id, secret, token setting
}

// name is how messages call the pair.
func (k keyPair) name() string {
	if k.attributes {
		return fmt.Sprintf("attributes %q and %q", k.id.name, k.secret.name)
	}
	return k.id.name + " and " + k.secret.name
}

func (k keyPair) place() place {
	p := place{name: k.name(), open: k.open}
	if k.id.value == "" && k.secret.value == "" {
		switch {
		case k.token.value == "":
			p.absent = "not set"
		case !k.attributes:
			// Left over from an older session: no reason to stop, none to use it.
			p.absent = "not set (" + k.token.name + " alone is of no use)"
		}
	}
	return p
}

func (k keyPair) open() (*origin, error) {
	if half := missing(k.id, k.secret); half != "" {
		attribute := ""
		if k.attributes {
			attribute = half
		}
		return nil, incomplete(attribute, k.name(), half)
	}
	p, err := newStatic(k.id.value, k.secret.value, k.token.value)
	return &origin{provider: p, name: k.name() + " (access key " + masked(k.id.value) + ")"}, err
}

// static is a fixed pair of keys, which can't be renewed.
type static struct{ providers.CredentialsProvider }

// newStatic returns a pair of keys, with or without a security token. The caller has
// checked that none is empty: credentials-go would take it from the environment.
func newStatic(accessKey, secretKey, securityToken string) (provider, error) {
	if securityToken == "" {
		built, err := providers.NewStaticAKCredentialsProviderBuilder().
			WithAccessKeyId(accessKey).
			WithAccessKeySecret(secretKey).
			Build()
		return static{built}, err
	}
	built, err := providers.NewStaticSTSCredentialsProviderBuilder().
		WithAccessKeyId(accessKey).
		WithAccessKeySecret(secretKey).
		WithSecurityToken(securityToken).
		Build()
	return static{built}, err
}

func (s static) retrieve(context.Context) (*sdkcredentials.Credentials, error) {
	keys, err := s.GetCredentials()
	if err != nil {
		return nil, &Error{Message: redact(err.Error())}
	}
	return forSDK(keys), nil
}

func (static) forget(*sdkcredentials.Credentials) {}

func (static) renewable() bool { return false }

// forSDK converts credentials-go's type to the SDK's.
func forSDK(keys *providers.Credentials) *sdkcredentials.Credentials {
	return &sdkcredentials.Credentials{
		AccessKeyId:     keys.AccessKeyId,
		AccessKeySecret: keys.AccessKeySecret,
		SecurityToken:   keys.SecurityToken,
	}
}

// masked keeps the last four characters of an access key, enough to tell keys
// apart.
func masked(key string) string {
	if len(key) < 8 {
		return "****"
	}
	return "****" + key[len(key)-4:]
}
