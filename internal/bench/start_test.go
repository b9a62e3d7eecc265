//go:build linux

package bench

import (
	"os"
	"os/exec"
	"testing"

	"github.com/hashicorp/go-hclog"
	"github.com/hashicorp/go-plugin"
	"google.golang.org/protobuf/types/known/emptypb"
)

// BenchmarkStart runs the provider until its first answer, the schema, as
// Terraform does. It also tells the size of the program.
func BenchmarkStart(b *testing.B) {
	program := build(b, "../..")
	info, err := os.Stat(program.path)
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		client := plugin.NewClient(&plugin.ClientConfig{
			HandshakeConfig: plugin.HandshakeConfig{
				ProtocolVersion:  6,
				MagicCookieKey:   "TF_PLUGIN_MAGIC_COOKIE",
				MagicCookieValue: "d602bf8f470bc67ca7faa0386276bbdd4330efaf76d1a219cb4d6991ca9872b2",
			},
			Plugins:          plugin.PluginSet{},
			Cmd:              exec.CommandContext(b.Context(), program.path),
			AllowedProtocols: []plugin.Protocol{plugin.ProtocolGRPC},
			AutoMTLS:         true,
			Logger:           hclog.NewNullLogger(),
		})
		connection, err := client.Client()
		if err != nil {
			b.Fatal(err)
		}
		// The protocol's messages are not public: an empty one asks for the schema,
		// and an empty one takes the answer.
		err = connection.(*plugin.GRPCClient).Conn.Invoke( //nolint:forcetypeassert // By AllowedProtocols.
			b.Context(), "/tfplugin6.Provider/GetProviderSchema", &emptypb.Empty{}, &emptypb.Empty{},
		)
		if err != nil {
			b.Fatal(err)
		}
		b.StopTimer()
		client.Kill()
		b.StartTimer()
	}
	b.ReportMetric(float64(info.Size())/1e6, "MB")
}
