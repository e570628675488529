/** Says why the build left this module out: run by the root POM's profile {@code tornado-left-out}. */
void main(String[] args) {
    IO.println("runtime-tornado is left out: there is no TornadoVM %s here; to build it: sdk install tornadovm, or set TORNADOVM_HOME"
            .formatted(args[0]));
}
