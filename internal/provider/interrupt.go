package provider

import (
	"context"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
)

// interruptibleServer ends what it does for Terraform when its context ends: the
// terminal sends Ctrl-C to the provider's process too, and in apply Terraform
// doesn't ask a provider to stop before the plan is made. Nothing is lost: the
// provider only reads.
type interruptibleServer struct {
	tfprotov6.ProviderServer
	interrupted context.Context // The process's: no call outlives it.
}

// ConfigureProvider implements [tfprotov6.ProviderServer].
func (s interruptibleServer) ConfigureProvider(ctx context.Context, req *tfprotov6.ConfigureProviderRequest) (*tfprotov6.ConfigureProviderResponse, error) {
	ctx, stop := s.interruptible(ctx)
	defer stop()
	return s.ProviderServer.ConfigureProvider(ctx, req)
}

// ReadDataSource implements [tfprotov6.ProviderServer].
func (s interruptibleServer) ReadDataSource(ctx context.Context, req *tfprotov6.ReadDataSourceRequest) (*tfprotov6.ReadDataSourceResponse, error) {
	ctx, stop := s.interruptible(ctx)
	defer stop()
	return s.ProviderServer.ReadDataSource(ctx, req)
}

// interruptible is the context, which ends with the interrupt as well. A call that
// begins after the interrupt ends at once.
func (s interruptibleServer) interruptible(ctx context.Context) (context.Context, context.CancelFunc) {
	ctx, cancel := context.WithCancel(ctx)
	release := context.AfterFunc(s.interrupted, cancel)
	return ctx, func() {
		release()
		cancel()
	}
}
