package credentials

import (
	"context"

	sdkcredentials "github.com/aliyun/alibaba-cloud-sdk-go/sdk/auth/credentials"

	"github.com/seed01464933/terraform-provider-aliyun/internal/rpc"
)

var (
	_ rpc.CredentialsProvider = (*Source)(nil)
	_ rpc.CredentialsProvider = signer{}
)

// Retrieve implements [rpc.CredentialsProvider]; see [Source.GetCredentials].
func (s *Source) Retrieve(ctx context.Context) (rpc.Credentials, error) {
	return forRPC(s.GetCredentials(ctx))
}

// Invalidate implements [rpc.CredentialsProvider]; see [Source.Renew].
func (s *Source) Invalidate(refused rpc.Credentials) bool { return s.Renew(fromRPC(refused)) }

// signer signs calls with the keys of a provider.
type signer struct{ provider }

// Retrieve implements [rpc.CredentialsProvider].
func (s signer) Retrieve(ctx context.Context) (rpc.Credentials, error) {
	return forRPC(s.retrieve(ctx))
}

// Invalidate implements [rpc.CredentialsProvider].
func (s signer) Invalidate(refused rpc.Credentials) bool {
	s.forget(fromRPC(refused))
	return s.renewable()
}

func forRPC(keys *sdkcredentials.Credentials, err error) (rpc.Credentials, error) {
	if err != nil {
		return rpc.Credentials{}, err
	}
	return rpc.Credentials{AccessKeyID: keys.AccessKeyId, AccessKeySecret: keys.AccessKeySecret, SecurityToken: keys.SecurityToken}, nil
}

func fromRPC(keys rpc.Credentials) *sdkcredentials.Credentials {
	return &sdkcredentials.Credentials{AccessKeyId: keys.AccessKeyID, AccessKeySecret: keys.AccessKeySecret, SecurityToken: keys.SecurityToken}
}
