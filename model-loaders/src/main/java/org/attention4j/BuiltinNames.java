package org.attention4j;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.JarURLConnection;
import java.net.URI;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Set;
import java.util.TreeSet;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.stream.Stream;

/** Which models the class path has, for people who misspelt one. */
final class BuiltinNames {
    private static final String FILE = ".gguf";

    private BuiltinNames() {}

    /**
     * Their names in alphabetical order. Jars without entries for folders don't tell theirs.
     *
     * @param folder where they are, from {@code /} to {@code /}
     * @param config the file that a directory must have
     */
    static Set<String> list(String folder, String config) {
        try {
            Set<String> names = new TreeSet<>();
            String inside = folder.substring(1);
            for (URL url : Collections.list(BuiltinNames.class.getClassLoader().getResources(inside))) {
                if (url.getProtocol().equals("file")) {
                    addFolder(Path.of(URI.create(url.toString())), config, names);
                } else if (url.openConnection() instanceof JarURLConnection connection) {
                    addJar(connection, inside, config, names);
                }
            }
            return names;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void addFolder(Path folder, String config, Set<String> names) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            files.forEach(file -> {
                String name = String.valueOf(file.getFileName());
                add(Files.isRegularFile(file.resolve(config)) ? name + "/" + config : name, config, names);
            });
        }
    }

    static void addJar(JarURLConnection connection, String folder, String config, Set<String> names)
            throws IOException {
        connection.setUseCaches(false);
        try (JarFile jar = connection.getJarFile()) {
            jar.stream()
                    .map(JarEntry::getName)
                    .filter(entry -> entry.startsWith(folder))
                    .forEach(entry -> add(entry.substring(folder.length()), config, names));
        }
    }

    /** Adds the model that a file in the folder, {@code NAME.gguf} or {@code NAME/config.json}, tells of. */
    private static void add(String file, String config, Set<String> names) {
        if (file.endsWith(FILE) && !file.contains("/")) {
            names.add(file.substring(0, file.length() - FILE.length()));
        } else if (file.endsWith("/" + config) && file.indexOf('/') == file.lastIndexOf('/')) {
            names.add(file.substring(0, file.indexOf('/')));
        }
    }
}
