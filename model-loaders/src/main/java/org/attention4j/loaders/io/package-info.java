/** What the readers and writers of the file formats share: mapped files, bounds-checked reading, strict JSON, checked layouts. */
@NullMarked
package org.attention4j.loaders.io;

import org.jspecify.annotations.NullMarked;
