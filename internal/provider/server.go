package provider

import (
	"bytes"
	"context"
	"os"
	"os/signal"

	"github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-framework/providerserver"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6/tf6server"
	"github.com/vmihailenco/msgpack/v5"
)

// Serve serves the provider to Terraform until Terraform has no more use for it,
// or to a debugger until it is interrupted.
func Serve(version string, debug bool) error {
	var options []tf6server.ServeOpt
	if debug {
		options = append(options, tf6server.WithManagedDebug())
	}
	interrupted, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	return tf6server.Serve("registry.terraform.io/seed01464933/aliyun",
		func() tfprotov6.ProviderServer { return interruptibleServer{NewServer(version), interrupted} }, options...)
}

// NewServer makes an instance of the provider in the given version: what a
// provider block becomes.
func NewServer(version string) tfprotov6.ProviderServer {
	return newServer(&aliyunProvider{version: version, lookupEnv: os.LookupEnv})
}

// server is the framework's server, but for the results of a read: they go into
// the state in the protocol's own encoding, which is MessagePack. The framework
// turns a state over five times on its way out, value by value. With 10,000
// snapshots that takes three quarters of all the plan's time; see DESIGN.md.
type server struct{ tfprotov6.ProviderServer }

func newServer(p provider.Provider) tfprotov6.ProviderServer {
	return server{providerserver.NewProtocol6(p)()}
}

// results are the computed attributes that a read finds, by name. Each writes
// its value.
type results map[string]func(*msgpack.Encoder) error

// resultsKey is where a read's context has the *results to fill in.
type resultsKey struct{}

// setResults completes the state of the read that the context belongs to, with the
// region that was looked in. All else in the state is the configuration.
func setResults(ctx context.Context, region string, found results) {
	found["region_id"] = func(e *msgpack.Encoder) error { return e.EncodeString(region) }
	*ctx.Value(resultsKey{}).(*results) = found //nolint:forcetypeassert // Nothing but server reads.
}

// ReadDataSource implements [tfprotov6.ProviderServer].
func (s server) ReadDataSource(ctx context.Context, req *tfprotov6.ReadDataSourceRequest) (*tfprotov6.ReadDataSourceResponse, error) {
	var found results
	resp, err := s.ProviderServer.ReadDataSource(context.WithValue(ctx, resultsKey{}, &found), req)
	if err != nil || found == nil {
		return resp, err
	}
	resp.State.MsgPack, err = withResults(resp.State.MsgPack, found)
	return resp, err
}

// withResults gives an encoded state with the results in the place of what it has
// under their names.
func withResults(state []byte, found results) ([]byte, error) {
	var buffer bytes.Buffer
	from, to := msgpack.NewDecoder(bytes.NewReader(state)), msgpack.NewEncoder(&buffer)
	n, err := from.DecodeMapLen()
	if err != nil {
		return nil, err
	}
	if err := to.EncodeMapLen(n); err != nil {
		return nil, err
	}
	for range n {
		name, err := from.DecodeString()
		if err != nil {
			return nil, err
		}
		value, err := from.DecodeRaw()
		if err != nil {
			return nil, err
		}
		if err := to.EncodeString(name); err != nil {
			return nil, err
		}
		if encode, ok := found[name]; ok {
			err = encode(to)
		} else {
			_, err = buffer.Write(value)
		}
		if err != nil {
			return nil, err
		}
	}
	return buffer.Bytes(), nil
}
