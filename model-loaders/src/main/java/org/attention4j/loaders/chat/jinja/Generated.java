package org.attention4j.loaders.chat.jinja;

import java.util.List;

/**
 * What Python's generators give, such as the filters {@code map} and {@code selectattr}: elements to go through, without a length
 * or an index, and true even if there are none.
 */
record Generated(List<Object> elements) {}
