/**
 * ONNX files of decoders, to be run as they are: what their inputs and outputs mean, found from names, shapes and the files beside
 * them; and the files that go beside a model that is exported.
 */
@NullMarked
package org.attention4j.loaders.onnxmodel;

import org.jspecify.annotations.NullMarked;
