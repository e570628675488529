/**
 * Pictures of models at work, as PNG images and as web pages of one file that ask for nothing on any network: {@link
 * org.attention4j.pictures.AttentionPicture} shows what tokens take from each other, {@link org.attention4j.pictures.LineChart}
 * numbers over numbers.
 */
@NullMarked
package org.attention4j.pictures;

import org.jspecify.annotations.NullMarked;
