# The shell of 2.4 has a command for tracing by HTrace, which servers from 2.5 on do not have: it only says so.
module Shell
  module Commands
    class Trace < Command
      def help
        'This HBase has no HTrace; it traces by OpenTelemetry, see its documentation.'
      end

      def command(*_args)
        puts help
      end
    end
  end
end
