// Command ecstest serves a sample of snapshots on a loopback port, for trying the provider out without an account. It
// prints the provider block to use with it and stops on an interrupt.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/signal"
	"path/filepath"
	"syscall"
	"time"

	"github.com/seed01464933/terraform-provider-aliyun/internal/ecstest"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	switch err := run(ctx, os.Args[1:], os.Stdout, os.Stderr); {
	case errors.Is(err, flag.ErrHelp):
	case err != nil:
		fmt.Fprintln(os.Stderr, "ecstest:", err)
		stop()
		os.Exit(1)
	}
}

// shutdownTime is how long calls that are being answered may take after the interrupt.
const shutdownTime = 2 * time.Second

// run serves until ctx ends.
func run(ctx context.Context, args []string, stdout, stderr io.Writer) error {
	flags := flag.NewFlagSet("ecstest", flag.ContinueOnError)
	flags.SetOutput(stderr)
	address := flags.String("listen", "127.0.0.1:0", "loopback `address` to listen on; port 0 takes a free one")
	size := flags.Int("snapshots", 250, "`number` of snapshots to hold")
	latency := flags.Duration("latency", 0, "`time` that each DescribeSnapshots call takes")
	urlFile := flags.String("url-file", "", "`file` to write the URL to, once it answers")
	if err := flags.Parse(args); err != nil {
		return err
	}
	if flags.NArg() > 0 || *size < 0 || *latency < 0 {
		flags.Usage()
		return errors.New("unexpected arguments, or a negative number")
	}
	if err := checkLoopback(*address); err != nil {
		return err
	}
	listener, err := new(net.ListenConfig).Listen(ctx, "tcp", *address)
	if err != nil {
		return err
	}
	service := ecstest.New(ecstest.Sample(*size)...)
	service.SetRegions(ecstest.Regions()...)
	if *latency > 0 {
		service.Inject(ecstest.Latency(*latency))
	}
	url := "http://" + listener.Addr().String()
	if *urlFile != "" {
		if err := writeFile(*urlFile, url+"\n"); err != nil {
			return errors.Join(err, listener.Close())
		}
	}
	_, err = fmt.Fprintf(stdout, providerBlock,
		*size, ecstest.SampleRegion, ecstest.AccessKeyID, ecstest.AccessKeySecret, url)
	if err != nil {
		return errors.Join(err, listener.Close())
	}
	return serve(ctx, listener, service)
}

// providerBlock is formatted as terraform fmt does.
const providerBlock = `# %d snapshots; Ctrl-C stops the service.
provider "aliyun" {
  region     = %q
  access_key = %q
  secret_key = %q
  endpoints {
    ecs = %q
  }
}
`

func serve(ctx context.Context, listener net.Listener, service *ecstest.Service) error {
	server := &http.Server{Handler: service, ReadHeaderTimeout: time.Minute}
	failed := make(chan error, 1)
	go func() { failed <- server.Serve(listener) }()
	select {
	case err := <-failed:
		return err
	case <-ctx.Done():
	}
	service.Close()
	timeout, cancel := context.WithTimeout(context.WithoutCancel(ctx), shutdownTime)
	defer cancel()
	return server.Shutdown(timeout)
}

// checkLoopback keeps a service whose keys everybody knows off the network.
func checkLoopback(address string) error {
	host, _, err := net.SplitHostPort(address)
	if err != nil {
		return err
	}
	if ip := net.ParseIP(host); host != "localhost" && !ip.IsLoopback() {
		return fmt.Errorf("%s is not a loopback address", address)
	}
	return nil
}

// writeFile lets nobody see a file that is not whole yet.
func writeFile(path, text string) error {
	f, err := os.CreateTemp(filepath.Dir(path), filepath.Base(path)+".*")
	if err != nil {
		return err
	}
	_, err = f.WriteString(text)
	if err = errors.Join(err, f.Close()); err == nil {
		err = os.Rename(f.Name(), path)
	}
	if err != nil {
		return errors.Join(err, os.Remove(f.Name()))
	}
	return nil
}
