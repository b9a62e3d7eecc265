// Command floor is a provider that does nothing but answer: its schema and its
// data source's state are read from files. What a plan takes with it is what
// Terraform itself needs for that state.
package main

import (
	"context"
	"log"
	"os"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6/tf6server"
)

func main() {
	schema, err := readSchema(os.Getenv("FLOOR_SCHEMA"))
	if err != nil {
		log.Fatal(err)
	}
	err = tf6server.Serve("registry.terraform.io/seed01464933/aliyun", func() tfprotov6.ProviderServer {
		return &server{schema: schema, stateFile: os.Getenv("FLOOR_STATE")}
	})
	if err != nil {
		log.Fatal(err)
	}
}

// server answers what a plan with one data source asks. The embedded interface is
// nil: there is nothing else to ask.
type server struct {
	tfprotov6.ProviderServer

	schema    *tfprotov6.GetProviderSchemaResponse
	stateFile string
}

func (s *server) GetProviderSchema(context.Context, *tfprotov6.GetProviderSchemaRequest) (*tfprotov6.GetProviderSchemaResponse, error) {
	return s.schema, nil
}

func (s *server) ValidateProviderConfig(_ context.Context, req *tfprotov6.ValidateProviderConfigRequest) (*tfprotov6.ValidateProviderConfigResponse, error) {
	return &tfprotov6.ValidateProviderConfigResponse{PreparedConfig: req.Config}, nil
}

func (s *server) ConfigureProvider(context.Context, *tfprotov6.ConfigureProviderRequest) (*tfprotov6.ConfigureProviderResponse, error) {
	return &tfprotov6.ConfigureProviderResponse{}, nil
}

func (s *server) ValidateDataResourceConfig(context.Context, *tfprotov6.ValidateDataResourceConfigRequest) (*tfprotov6.ValidateDataResourceConfigResponse, error) {
	return &tfprotov6.ValidateDataResourceConfigResponse{}, nil
}

func (s *server) ReadDataSource(context.Context, *tfprotov6.ReadDataSourceRequest) (*tfprotov6.ReadDataSourceResponse, error) {
	state, err := os.ReadFile(s.stateFile)
	if err != nil {
		return nil, err
	}
	return &tfprotov6.ReadDataSourceResponse{State: &tfprotov6.DynamicValue{MsgPack: state}}, nil
}

func (s *server) StopProvider(context.Context, *tfprotov6.StopProviderRequest) (*tfprotov6.StopProviderResponse, error) {
	return &tfprotov6.StopProviderResponse{}, nil
}
