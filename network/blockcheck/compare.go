// SPDX-License-Identifier: Apache-2.0

package main

import (
	"bytes"
	"fmt"
	"io"
	"os/exec"

	"github.com/hyperledger/fabric-protos-go-apiv2/common"
	pb "github.com/hyperledger/fabric-protos-go-apiv2/peer"
	"google.golang.org/protobuf/proto"
)

// compare tells where the block, as Fabric left it, differs from the filter and commit hash it came with.
func compare(block *common.Block, filter, hash []byte) []Difference {
	found := []Difference{}
	number := block.Header.Number
	for index, code := range filterOf(block) {
		inBlock := "none"
		if index < len(filter) {
			inBlock = codeName(filter[index])
		}
		if index >= len(filter) || filter[index] != code {
			found = append(found, Difference{
				Block: number, Transaction: &index, What: "validation code", InBlock: inBlock, ByFabric: codeName(code),
			})
		}
	}
	if len(filter) > len(block.Data.Data) {
		found = append(found, Difference{Block: number, What: "number of validation codes",
			InBlock: fmt.Sprint(len(filter)), ByFabric: fmt.Sprint(len(block.Data.Data))})
	}
	if byFabric := commitHashOf(block); !bytes.Equal(byFabric, hash) {
		found = append(found, Difference{Block: number, What: "commit hash",
			InBlock: fmt.Sprintf("%x", hash), ByFabric: fmt.Sprintf("%x", byFabric)})
	}
	return found
}

func filterOf(block *common.Block) []byte {
	return metadata(block, common.BlockMetadataIndex_TRANSACTIONS_FILTER)
}

func commitHashOf(block *common.Block) []byte {
	value := &common.Metadata{}
	if err := proto.Unmarshal(metadata(block, common.BlockMetadataIndex_COMMIT_HASH), value); err != nil {
		return nil
	}
	return value.Value
}

func metadata(block *common.Block, index common.BlockMetadataIndex) []byte {
	if len(block.Metadata.Metadata) <= int(index) {
		return nil
	}
	return block.Metadata.Metadata[index]
}

func codeName(code byte) string { return pb.TxValidationCode(code).String() }

// decode has Fabric's configtxlator turn a block into JSON, as an operator would.
func decode(configtxlator, file string) error {
	command := exec.Command(configtxlator, "proto_decode", "--type", "common.Block", "--input", file)
	command.Stdout = io.Discard
	message := &bytes.Buffer{}
	command.Stderr = message
	if err := command.Run(); err != nil {
		return fmt.Errorf("configtxlator does not decode %s: %s", file, bytes.TrimSpace(message.Bytes()))
	}
	return nil
}
