package provider

import (
	"context"
	"os"
	"os/signal"
	runtimedebug "runtime/debug"

	"github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-framework/providerserver"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6/tf6server"

	"github.com/seed01464933/terraform-provider-aliyun/internal/rpc"
)

// memoryGoal is what the garbage collector tries to keep the process below, by running
// more often: a Terraform run may have a process for each of many aliases.
const memoryGoal = 128 << 20

// Serve serves the provider to Terraform until Terraform has no more use for it,
// or to a debugger until it is interrupted.
func Serve(version string, debug bool) error {
	if os.Getenv("GOMEMLIMIT") == "" {
		runtimedebug.SetMemoryLimit(memoryGoal)
	}
	var options []tf6server.ServeOpt
	if debug {
		options = append(options, tf6server.WithManagedDebug())
	}
	interrupted, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	return tf6server.Serve("registry.terraform.io/seed01464933/aliyun", func() tfprotov6.ProviderServer {
		return newServer(interrupted, newProvider(version))
	}, options...)
}

// NewServer makes an instance of the provider in the given version. Each provider block
// of a configuration becomes one.
func NewServer(version string) tfprotov6.ProviderServer {
	return newServer(context.Background(), newProvider(version))
}

// server is the framework's server, but it makes diagnostics fit for a terminal, writes
// the results of a read as state_encoding.go says, and ends with the process's interrupt:
// the terminal sends Ctrl-C to the provider's process too, and in the plan of an apply
// Terraform doesn't ask a provider to stop.
type server struct {
	tfprotov6.ProviderServer
	interrupted context.Context // The process's: no call outlives it.
}

func newServer(interrupted context.Context, p provider.Provider) server {
	return server{providerserver.NewProtocol6(p)(), interrupted}
}

// ConfigureProvider implements [tfprotov6.ProviderServer].
func (s server) ConfigureProvider(ctx context.Context, req *tfprotov6.ConfigureProviderRequest) (*tfprotov6.ConfigureProviderResponse, error) {
	ctx, stop := s.interruptible(ctx)
	defer stop()
	resp, err := s.ProviderServer.ConfigureProvider(ctx, req)
	if err == nil {
		makePrintable(resp.Diagnostics)
	}
	return resp, err
}

// ReadDataSource implements [tfprotov6.ProviderServer].
func (s server) ReadDataSource(ctx context.Context, req *tfprotov6.ReadDataSourceRequest) (*tfprotov6.ReadDataSourceResponse, error) {
	ctx, stop := s.interruptible(ctx)
	defer stop()
	var found results
	resp, err := s.ProviderServer.ReadDataSource(context.WithValue(ctx, resultsKey{}, &found), req)
	if err != nil {
		return resp, err
	}
	makePrintable(resp.Diagnostics)
	if found != nil {
		resp.State.MsgPack, err = mergeResults(resp.State.MsgPack, found)
	}
	return resp, err
}

// interruptible is the context, which ends with the interrupt as well. A call that
// begins after the interrupt ends at once.
func (s server) interruptible(ctx context.Context) (context.Context, func()) {
	ctx, cancel := context.WithCancel(ctx)
	release := context.AfterFunc(s.interrupted, cancel)
	return ctx, func() { release(); cancel() }
}

// makePrintable is the one place that keeps control and direction characters of
// responses, files and the environment from the terminal.
func makePrintable(diagnostics []*tfprotov6.Diagnostic) {
	for _, d := range diagnostics {
		d.Summary, d.Detail = rpc.Printable(d.Summary), rpc.Printable(d.Detail)
	}
}
